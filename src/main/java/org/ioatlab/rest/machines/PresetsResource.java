package org.ioatlab.rest.machines;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.MachineSpec;
import org.ioatlab.machine.Presets;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;

/** Ready-made specs. */
@Path(Api.ROOT + "/presets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Machines")
@NonBlocking
public class PresetsResource {
    /** A preset and its spec. */
    public record PresetResponse(String id, String description, MachineSpec spec) {
        static PresetResponse of(Presets preset) {
            return new PresetResponse(preset.label(), preset.description(), preset.spec());
        }
    }

    @GET
    @Operation(
            operationId = "listPresets",
            summary = "The ready-made machines: which of the three I/OAT features each has")
    public Page<PresetResponse> list(@Valid @BeanParam PageQuery page) {
        return page.cut(Arrays.stream(Presets.values()).map(PresetResponse::of).toList(), PresetResponse::id);
    }

    @GET
    @Path("/{preset}")
    @Operation(operationId = "getPreset", summary = "One preset with its whole spec")
    public PresetResponse get(@PathParam("preset") String preset) {
        return PresetResponse.of(Presets.of(preset));
    }
}
