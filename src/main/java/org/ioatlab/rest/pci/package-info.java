/** The PCI bus. */
@NullMarked
package org.ioatlab.rest.pci;

import org.jspecify.annotations.NullMarked;
