package org.ioatlab.rest.scenarios;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.Scenario;
import org.ioatlab.machine.ScenarioViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;

/** What is known of copy offload's bugs. */
@Path(Api.ROOT + "/scenarios")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Scenarios")
@NonBlocking
public class CatalogueResource {
    @GET
    @Operation(
            operationId = "listScenarios",
            summary = "The known bugs of NET_DMA: what goes wrong, under which personalities, and who found it")
    public Page<ScenarioViews.Description> list(@Valid @BeanParam PageQuery page) {
        return page.cut(
                Arrays.stream(Scenario.values()).map(Scenario::description).toList(), ScenarioViews.Description::id);
    }
}
