package org.ioatlab.rest.machines;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.PlatformViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;

/** What things cost. */
@Path(Api.ROOT + "/platforms")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Machines")
@NonBlocking
public class PlatformsResource {
    @GET
    @Operation(
            operationId = "listPlatforms",
            summary = "The cost platforms: what each hardware and kernel action costs")
    public Page<PlatformViews.View> list(@Valid @BeanParam PageQuery page) {
        return page.cut(PlatformViews.all(), PlatformViews.View::id);
    }

    @GET
    @Path("/{platform}")
    @Operation(
            operationId = "getPlatform",
            summary = "One platform: each cost with its unit, value, source, and how well it is known")
    public PlatformViews.View get(@PathParam("platform") String platform) {
        return PlatformViews.of(platform);
    }
}
