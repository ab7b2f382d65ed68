/** The HTTP face: one resource class a noun, with its request and response records. */
@NullMarked
package org.ioatlab.rest;

import org.jspecify.annotations.NullMarked;
