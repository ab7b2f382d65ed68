package org.ioatlab.app;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;

/** What {@code lab.*} in the configuration says. */
@ConfigMapping(prefix = "lab")
public interface LabConfiguration {

    /** Where and how data are kept. */
    Data data();

    /** {@code lab.data.*}. */
    interface Data {

        /** The folder for everything that the service writes, made at the start when it is missing. */
        Path directory();
    }
}
