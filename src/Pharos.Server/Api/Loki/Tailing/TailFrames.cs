using System.Globalization;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Pharos.Query.LogQL.Results;
using Pharos.Server.Api.Loki.Queries;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Loki.Tailing;

/// <summary>Writes the frames of a tail.</summary>
internal sealed class TailFrames(WebSocket socket, string flags)
{
    private readonly bool _isCategorized = flags.Contains(LokiResultJson.CategorizeLabels, StringComparison.Ordinal);

    /// <summary>Sends entries, and which ones the client was too slow for.</summary>
    public async Task SendAsync(
        LogStreamsResult result, IReadOnlyList<(LabelSet Labels, long TimeNs)> dropped, CancellationToken cancellation)
    {
        if (result.Entries.Count == 0 && dropped.Count == 0)
        {
            return;
        }
        using var frame = new MemoryStream();
        await using (var stream = new JsonStream(PipeWriter.Create(frame, new StreamPipeWriterOptions(leaveOpen: true)), cancellation))
        {
            var json = stream.Writer;
            json.WriteStartObject();
            json.WritePropertyName("streams");
            await LokiResultJson.WriteStreamListAsync(stream, _isCategorized ? result.ByStreamLabels() : result.ByAllLabels(), _isCategorized);
            if (_isCategorized)
            {
                JsonForms.WriteStrings(json, "encodingFlags", [LokiResultJson.CategorizeLabels]);
            }
            if (dropped.Count > 0)
            {
                json.WriteStartArray("dropped_entries");
                foreach (var (labels, timeNs) in dropped)
                {
                    json.WriteStartObject();
                    JsonForms.WriteLabels(json, "labels", labels);
                    json.WriteString("timestamp", timeNs.ToString(CultureInfo.InvariantCulture));
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
            await stream.EndAsync();
        }
        await socket.SendAsync(frame.GetBuffer().AsMemory(0, (int)frame.Length), WebSocketMessageType.Text, endOfMessage: true, cancellation);
    }
}
