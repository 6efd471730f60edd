using Pharos.Server.Api.Loki.Series;
using Pharos.Server.Logs;
using Pharos.Storage.Logs;

namespace Pharos.Server.Api.Loki.Fields;

/// <summary>The labels that are worth offering to somebody who looks around: ids of all sorts are left out.</summary>
internal sealed class DetectedLabelsEndpoint(ILogStore store)
{
    /// <summary>Offered whatever their values are: Loki's list.</summary>
    private static readonly string[] Always = ["cluster", "namespace", "instance", "pod"];

    public void Map(LokiRoutes routes) => routes.MapRead("/loki/api/v1/detected_labels", AnswerAsync);

    private Task AnswerAsync(LokiRequest request)
    {
        var matchers = SelectorText.Read(request.Text("query"));
        var (startNs, endNs) = request.Range(TimeSpan.FromHours(1));
        var values = new SortedDictionary<string, HashSet<string>>(StringComparer.Ordinal);
        using (var querier = TenantUnion.Open(store, request.Tenants, startNs, endNs))
        {
            foreach (var label in querier.Streams(matchers, request.Cancellation).SelectMany(static stream => stream.Labels))
            {
                if (!values.TryGetValue(label.Name, out var known))
                {
                    values.Add(label.Name, known = new HashSet<string>(StringComparer.Ordinal));
                }
                known.Add(label.Value);
            }
        }
        return LokiReply.JsonAsync(request.Context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("detectedLabels");
            foreach (var (name, known) in values)
            {
                if (Always.Contains(name) || known.Count == 1 || !known.All(IsId))
                {
                    json.WriteStartObject();
                    json.WriteString("label", name);
                    json.WriteNumber("cardinality", known.Count);
                    json.WriteEndObject();
                }
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static bool IsId(string value) => Guid.TryParse(value, out _)
        || double.TryParse(value, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _)
        || (value.Length >= 16 && value.All(char.IsAsciiHexDigit));
}
