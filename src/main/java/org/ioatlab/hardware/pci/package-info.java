/** PCI functions as a driver finds them: identity, base addresses, register access, interrupts. */
@NullMarked
package org.ioatlab.hardware.pci;

import org.jspecify.annotations.NullMarked;
