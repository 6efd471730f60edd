using System.Globalization;
using System.Text.Json;
using Pharos.Query.Traces.Analysis;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Pharos.Traces;

/// <summary>Writes a trace as what a timeline draws of it: one short list for each column, so that a hundred thousand rows are a few
/// megabytes before compression.</summary>
internal static class TimelineJson
{
    public static async Task WriteAsync(JsonStream stream, TraceTree tree, IReadOnlyList<CriticalSection> criticalPath)
    {
        var json = stream.Writer;
        var services = new NameTable();
        var operations = new NameTable();
        var errors = 0;
        foreach (var node in tree.Nodes)
        {
            services.Add(node.Span.Resource.ServiceName);
            operations.Add(node.Span.Name);
            errors += node.IsError ? 1 : 0;
        }
        json.WriteStartObject();
        json.WriteString("traceId", tree.Id.ToString());
        json.WriteString("startNs", tree.StartNs.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("durationNs", tree.DurationNs);
        json.WriteNumber("spans", tree.Count);
        json.WriteNumber("errors", errors);
        json.WriteNumber("leftOut", tree.LeftOut);
        JsonForms.WriteStrings(json, "services", services.Names);
        JsonForms.WriteStrings(json, "operations", operations.Names);
        json.WriteStartObject("rows");
        await WriteColumnAsync(stream, "id", tree, (row, _) => json.WriteStringValue(SpanJson.IdOf(tree[row].Span.SpanId)));
        await WriteColumnAsync(stream, "depth", tree, (row, _) => json.WriteNumberValue(tree[row].Depth));
        await WriteColumnAsync(stream, "children", tree, (row, _) => json.WriteNumberValue(tree[row].Children));
        await WriteColumnAsync(stream, "descendants", tree, (row, _) => json.WriteNumberValue(tree[row].Descendants));
        await WriteColumnAsync(stream, "start", tree, (_, span) => json.WriteNumberValue(span.StartNs - tree.StartNs));
        await WriteColumnAsync(stream, "duration", tree, (_, span) => json.WriteNumberValue(Math.Max(0, span.DurationNs)));
        await WriteColumnAsync(stream, "service", tree, (_, span) => json.WriteNumberValue(services.IndexOf(span.Resource.ServiceName)));
        await WriteColumnAsync(stream, "operation", tree, (_, span) => json.WriteNumberValue(operations.IndexOf(span.Name)));
        await WriteColumnAsync(stream, "kind", tree, (_, span) => json.WriteNumberValue((int)span.Kind));
        await WriteColumnAsync(stream, "error", tree, (row, _) => json.WriteNumberValue(tree[row].IsError ? 1 : 0));
        json.WriteEndObject();
        await WriteEventsAsync(stream, tree);
        WriteOrphans(json, tree);
        json.WriteStartArray("criticalPath");
        foreach (var section in criticalPath)
        {
            json.WriteNumberValue(section.Row);
            json.WriteNumberValue(section.StartNs - tree.StartNs);
            json.WriteNumberValue(section.EndNs - tree.StartNs);
            await stream.BreatheAsync();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async Task WriteColumnAsync(JsonStream stream, string name, TraceTree tree, Action<int, Span> write)
    {
        stream.Writer.WriteStartArray(name);
        for (var row = 0; row < tree.Count; row++)
        {
            write(row, tree[row].Span);
            await stream.BreatheAsync();
        }
        stream.Writer.WriteEndArray();
    }

    /// <summary>Pairs of row and moment.</summary>
    private static async Task WriteEventsAsync(JsonStream stream, TraceTree tree)
    {
        stream.Writer.WriteStartArray("events");
        for (var row = 0; row < tree.Count; row++)
        {
            foreach (var happened in tree[row].Span.Events)
            {
                stream.Writer.WriteNumberValue(row);
                stream.Writer.WriteNumberValue(happened.TimeNs - tree.StartNs);
                await stream.BreatheAsync();
            }
        }
        stream.Writer.WriteEndArray();
    }

    private static void WriteOrphans(Utf8JsonWriter json, TraceTree tree)
    {
        json.WriteStartArray("orphans");
        for (var row = 0; row < tree.Count; row += tree[row].Descendants + 1)
        {
            if (tree[row].IsOrphan)
            {
                json.WriteNumberValue(row);
            }
        }
        json.WriteEndArray();
    }

    /// <summary>Names by their number, in the order in which they came.</summary>
    private sealed class NameTable
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

        public List<string> Names { get; } = [];

        public int IndexOf(string name) => _numbers[name];

        public void Add(string name)
        {
            if (_numbers.TryAdd(name, Names.Count))
            {
                Names.Add(name);
            }
        }
    }
}
