using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Loki.Admin;

/// <summary><c>/api/pharos/logs/rejected</c>: why a line was not taken, for the last hundred lines of each reason.</summary>
internal sealed class RejectedLinesEndpoint(RejectedLines rejected)
{
    public void Map(LokiRoutes routes) => routes.MapRead("/api/pharos/logs/rejected", AnswerAsync);

    private Task AnswerAsync(LokiRequest request)
    {
        var lines = request.Tenants.SelectMany(rejected.Snapshot).ToList();
        return LokiReply.JsonAsync(request.Context, async stream =>
        {
            var json = stream.Writer;
            json.WriteStartObject();
            json.WriteStartArray("rejected");
            foreach (var line in lines)
            {
                json.WriteStartObject();
                json.WriteString("reason", line.Rejection.Reason);
                json.WriteString("message", line.Rejection.Message);
                json.WriteString("at", NanosecondTime.Format(line.AtNs));
                json.WriteString("tenant", line.Tenant);
                json.WriteString("stream", line.Stream);
                json.WriteString("timestamp", NanosecondTime.Format(line.TimeNs));
                json.WriteString("line", line.Line);
                json.WriteEndObject();
                await stream.BreatheAsync();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
