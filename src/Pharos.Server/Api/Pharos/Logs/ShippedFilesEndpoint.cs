using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Collection.Shipping;

namespace Pharos.Server.Api.Pharos.Logs;

/// <summary><c>/api/pharos/logs/targets</c>: what promtail.yml's jobs have found, how far each file is shipped, what is left out and
/// why, and what is wrong with a source.</summary>
internal sealed class ShippedFilesEndpoint(Func<IReadOnlyList<ShippedJob>> jobs)
{
    public const string Path = "/api/pharos/logs/targets";

    public void Map(IEndpointRouteBuilder routes) => routes.MapMethods(Path, ["GET"], (RequestDelegate)AnswerAsync);

    private Task AnswerAsync(HttpContext context) => PharosReply.WriteListAsync(context, "jobs", jobs(), Write);

    private static void Write(Utf8JsonWriter json, ShippedJob job)
    {
        json.WriteStartObject();
        json.WriteString("job", job.JobName);
        json.WriteStartArray("patterns");
        foreach (var (pattern, labels) in job.Patterns)
        {
            json.WriteStartObject();
            json.WriteString("pattern", pattern);
            JsonForms.WriteLabels(json, "labels", labels);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("files");
        foreach (var file in job.Files.OrderBy(static file => file.Path, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteString("client", file.Client);
            JsonForms.WriteLabels(json, "labels", file.Labels);
            json.WriteNumber("offsetBytes", file.OffsetBytes);
            json.WriteNumber("sizeBytes", file.SizeBytes);
            json.WriteString("fault", file.Fault);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("dropped");
        foreach (var (discovered, reason) in job.Dropped)
        {
            json.WriteStartObject();
            JsonForms.WriteLabels(json, "discoveredLabels", discovered);
            json.WriteString("reason", reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("sources");
        foreach (var (kind, fault) in job.Sources)
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            json.WriteString("fault", fault);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
