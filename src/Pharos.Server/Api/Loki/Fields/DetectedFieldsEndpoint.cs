using System.Text;
using System.Text.Json;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Results;
using Pharos.Query.LogQL.Syntax;
using Pharos.Server.Api.Loki.Queries;
using Pharos.Server.Logs;

namespace Pharos.Server.Api.Loki.Fields;

/// <summary>The fields that the newest lines of a query have, and the values of one of them.</summary>
internal sealed class DetectedFieldsEndpoint(LogQueries queries)
{
    private const int DefaultLines = 100;
    private const int DefaultFields = 1000;

    public void Map(LokiRoutes routes)
    {
        routes.MapRead("/loki/api/v1/detected_fields", FieldsAsync);
        routes.MapRead("/loki/api/v1/detected_field/{name}/values", ValuesAsync);
    }

    private async Task FieldsAsync(LokiRequest request)
    {
        var limit = Limit(request);
        var fields = (await CollectAsync(request, limit)).Fields.OrderBy(static field => field.Label, StringComparer.Ordinal).ToList();
        await LokiReply.JsonAsync(request.Context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("fields");
            fields.ForEach(field => Write(json, field));
            json.WriteEndArray();
            json.WriteNumber("limit", limit);
            json.WriteEndObject();
        });
    }

    private async Task ValuesAsync(LokiRequest request)
    {
        var name = (string)request.Context.Request.RouteValues["name"]!;
        var limit = Limit(request);
        var table = await CollectAsync(request, int.MaxValue);
        var values = table.Fields.FirstOrDefault(field => field.Label == name)?.Values ?? [];
        await LokiReply.JsonAsync(request.Context, json =>
        {
            json.WriteStartObject();
            JsonForms.WriteStrings(json, "values", values.Take(limit));
            json.WriteNumber("limit", limit);
            json.WriteEndObject();
        });
    }

    private async Task<FieldTable> CollectAsync(LokiRequest request, int maxFields)
    {
        if (QueryEndpoints.Parse(request.Text("query") is "" or "{}" ? "{service_name=~\".+\"}" : request.Text("query")) is not LogQueryExpr query)
        {
            throw LokiRefusal.BadRequest("only log queries have fields");
        }
        var (startNs, endNs) = request.Range(TimeSpan.FromHours(1));
        var asked = new LogRangeRequest(startNs, endNs) { Limit = request.Count("line_limit", DefaultLines) };
        var result = await queries.RangeAsync(request.Tenants, query, asked, cutsSeries: false, request.Cancellation);
        var parser = query.Stages.Select(ParserOf).LastOrDefault(static name => name.Length > 0) ?? "";
        var table = new FieldTable(maxFields);
        foreach (var entry in ((LogStreamsResult)result).Entries)
        {
            foreach (var label in entry.Labels.Metadata)
            {
                table.AddMetadata(label.Name, label.Value);
            }
            foreach (var label in entry.Labels.Parsed.Where(static label => !label.Name.StartsWith("__", StringComparison.Ordinal)))
            {
                table.AddParsed(label.Name, label.Value, parser.Length == 0 ? null : parser);
            }
            table.AddLine(Encoding.UTF8.GetString(entry.Line.Span), entry.Labels.Stream);
        }
        return table;
    }

    private static int Limit(LokiRequest request) =>
        request.Count("limit", request.Text("field_limit").Length > 0 ? request.Count("field_limit", DefaultFields) : DefaultFields);

    private static string ParserOf(LogStage stage) => stage switch
    {
        LogStage.Json or LogStage.Unpack => "json",
        LogStage.Logfmt => "logfmt",
        LogStage.Regexp => "regexp",
        LogStage.Pattern => "pattern",
        _ => "",
    };

    private static void Write(Utf8JsonWriter json, DetectedField field)
    {
        json.WriteStartObject();
        json.WriteString("label", field.Label);
        json.WriteString("type", field.Type);
        json.WriteNumber("cardinality", field.Values.Count);
        if (field.Parsers.Count == 0)
        {
            json.WriteNull("parsers");
        }
        else
        {
            JsonForms.WriteStrings(json, "parsers", field.Parsers);
        }
        if (field.JsonPath is { } path)
        {
            JsonForms.WriteStrings(json, "jsonPath", path);
        }
        json.WriteEndObject();
    }
}
