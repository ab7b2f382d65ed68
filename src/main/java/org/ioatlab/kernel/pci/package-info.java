/** PCI enumeration: finds functions on the bus and hands them to the drivers that know them. */
@NullMarked
package org.ioatlab.kernel.pci;

import org.jspecify.annotations.NullMarked;
