package org.ioatlab.rest.observe;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.ioatlab.machine.CpuViews;
import org.ioatlab.rest.Api;
import org.ioatlab.rest.http.Page;
import org.ioatlab.rest.http.PageQuery;
import org.ioatlab.rest.operations.Answers;

/** Processors, profile, timeline and the kernel's text files. */
@Path(Api.MACHINE)
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Observation")
@NonBlocking
public class CpusResource {
    private final Answers answers;

    CpusResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Path("/cpus")
    @Operation(operationId = "listCpus", summary = "mpstat: what each logical processor did since power-on")
    public CompletionStage<Page<CpuViews.Cpu>> list(
            @PathParam("machine") String machine, @Valid @BeanParam PageQuery page) {
        return answers.look(machine, faces -> faces.cpus().cpus())
                .thenApply(all -> page.cut(all, cpu -> Integer.toString(cpu.cpu())));
    }

    @GET
    @Path("/cpus/{cpu}")
    @Operation(operationId = "getCpu", summary = "mpstat -P: one logical processor")
    public CompletionStage<CpuViews.Cpu> get(@PathParam("machine") String machine, @PathParam("cpu") int cpu) {
        return answers.look(machine, faces -> faces.cpus().cpu(cpu));
    }

    @GET
    @Path("/proc/{file: .+}")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(
            operationId = "readProc",
            summary = "cat /proc/…: interrupts, softirqs, stat, loadavg, buddyinfo, slabinfo, net/softnet_stat, "
                    + "net/snmp, net/snmp6, net/arp as the kernel prints them")
    public CompletionStage<String> proc(@PathParam("machine") String machine, @PathParam("file") String file) {
        return answers.look(machine, faces -> faces.proc().read(file));
    }
}
