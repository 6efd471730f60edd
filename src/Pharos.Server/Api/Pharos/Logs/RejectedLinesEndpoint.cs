using System.Text.Json;
using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Server.Api.Loki;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Pharos.Logs;

/// <summary><c>/api/pharos/logs/rejected</c>: why lines were not taken, by reason: how many, what their sender was told, and the last
/// of them.</summary>
/// <param name="since">When counting began.</param>
internal sealed class RejectedLinesEndpoint(RejectedLines rejected, DateTimeOffset since)
{
    public const string Path = "/api/pharos/logs/rejected";

    /// <summary>Of each reason; more are kept than anybody reads.</summary>
    private const int ShownLines = 20;

    public void Map(LokiRoutes routes) => routes.Map(Path, AnswerAsync, "GET");

    private Task AnswerAsync(LokiRequest request)
    {
        var reasons = request.Tenants.SelectMany(rejected.Reasons).GroupBy(static reason => reason.Reason, StringComparer.Ordinal).ToList();
        return LokiReply.JsonAsync(request.Context, async stream =>
        {
            var json = stream.Writer;
            json.WriteStartObject();
            json.WriteString("since", JsonForms.Rfc3339(since));
            json.WriteStartArray("reasons");
            foreach (var reason in reasons)
            {
                Write(json, reason.Key, [.. reason]);
                await stream.BreatheAsync();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<RejectedReason> ofTenants)
    {
        var last = ofTenants.SelectMany(static reason => reason.Last).OrderByDescending(static line => line.AtNs).Take(ShownLines).ToList();
        json.WriteStartObject();
        json.WriteString("reason", name);
        json.WriteString("message", last.Count > 0 ? last[0].Rejection.Message : "");
        json.WriteNumber("lines", ofTenants.Sum(static reason => reason.Lines));
        json.WriteNumber("bytes", ofTenants.Sum(static reason => reason.Bytes));
        if (last.Count > 0)
        {
            json.WriteString("lastAt", NanosecondTime.Format(last[0].AtNs));
        }
        json.WriteStartArray("last");
        foreach (var line in last)
        {
            json.WriteStartObject();
            json.WriteString("at", NanosecondTime.Format(line.AtNs));
            json.WriteString("tenant", line.Tenant);
            json.WriteString("stream", line.Stream);
            json.WriteString("timestamp", NanosecondTime.Format(line.TimeNs));
            json.WriteString("line", line.Line);
            json.WriteString("message", line.Rejection.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
