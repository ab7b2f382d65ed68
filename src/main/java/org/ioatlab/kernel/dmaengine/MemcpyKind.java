package org.ioatlab.kernel.dmaengine;

/** The three copy functions of the DMA subsystem (OLS 2005 paper, section 4.2). */
public enum MemcpyKind {
    /** From kernel address to kernel address. */
    BUF_TO_BUF,
    /** From a kernel address into a page. */
    BUF_TO_PG,
    /** From page to page. */
    PG_TO_PG
}
