package org.ioatlab.app;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same front door, asked of the packaged jar; it is also the training run of the AOT cache. */
@QuarkusIntegrationTest
class PackagedFrontDoorIT extends FrontDoorTest {}
