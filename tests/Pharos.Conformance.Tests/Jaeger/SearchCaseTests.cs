using System.Globalization;
using System.Text.Json;
using Pharos.Server.Api.Jaeger.Search;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Traces.Memory;

namespace Pharos.Conformance.Tests.Jaeger;

/// <summary>The searches that Jaeger runs against every one of its stores.</summary>
public sealed class SearchCaseTests
{
    private const string First = "jaeger/jaeger-v1.49.0/plugin/storage/integration/fixtures";
    private const string Second = "jaeger/jaeger-v2-head/internal/storage/integration/fixtures";

    [Theory]
    [InlineData(First, 22)]
    [InlineData(Second, 25)]
    public void Every_search_finds_the_traces_that_it_is_to_find_and_no_other(string folder, int cases)
    {
        var path = ConformanceFiles.Path(folder);
        var store = new MemoryTraceStore();
        var stored = new Dictionary<string, TraceId>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(path, "traces")).Order(StringComparer.Ordinal))
        {
            var batch = new SpanBatch();
            var spans = JaegerFixture.Read(file);
            spans.ForEach(batch.Add);
            store.Append(batch);
            stored.Add(Path.GetFileNameWithoutExtension(file), spans[0].TraceId);
        }
        using var queries = JsonDocument.Parse(File.ReadAllText(Path.Combine(path, "queries.json")));
        var run = 0;
        foreach (var one in queries.RootElement.EnumerateArray())
        {
            var expected = one.GetProperty("ExpectedFixtures").EnumerateArray().Select(name => stored[name.GetString()!]).Order();
            var found = new TraceQueries(store, TimeSpan.Zero).Find(SearchOf(one.GetProperty("Query")), TestContext.Current.CancellationToken).ToList();
            Assert.True(
                expected.SequenceEqual(found.Select(trace => trace.Id).Order()),
                $"{one.GetProperty("Caption").GetString()}: {string.Join(' ', found.Select(trace => trace.Id))}");
            run++;
        }
        Assert.Equal(cases, run);
    }

    /// <summary>queries_es.json asks for wildcards and regular expressions, which only Jaeger's Elasticsearch has: not run.</summary>
    private static TraceSearch SearchOf(JsonElement query)
    {
        var tags = query.GetProperty("Tags");
        return new TraceSearch
        {
            Service = query.GetProperty("ServiceName").GetString()!,
            Operation = query.GetProperty("OperationName").GetString()!,
            StartNs = JaegerFixture.TimeOf(query.GetProperty("StartTimeMin")),
            EndNs = JaegerFixture.TimeOf(query.GetProperty("StartTimeMax")),
            MinDurationNs = query.GetProperty("DurationMin").GetInt64(),
            MaxDurationNs = query.GetProperty("DurationMax").GetInt64(),
            Limit = query.GetProperty("NumTraces").GetInt32(),
            Tags = tags.ValueKind == JsonValueKind.Null ? [] : [.. tags.EnumerateObject().Select(static tag => new SearchTag(tag.Name, TextOf(tag.Value)))],
        };
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => value.GetDouble().ToString(CultureInfo.InvariantCulture),
        _ => value.GetString()!,
    };
}
