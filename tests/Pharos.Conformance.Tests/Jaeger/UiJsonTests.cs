using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Pharos.Server.Api;
using Pharos.Server.Api.Jaeger.Json;
using Pharos.Storage.Traces;

namespace Pharos.Conformance.Tests.Jaeger;

/// <summary>Jaeger's own example of its interface's JSON.</summary>
public sealed class UiJsonTests
{
    [Theory]
    [InlineData("jaeger/jaeger-v1.49.0/model/converter/json/fixtures")]
    [InlineData("jaeger/jaeger-v2-head/internal/uimodel/converter/v1/json/fixtures")]
    public async Task The_example_becomes_the_same_json(string folder)
    {
        var spans = JaegerFixture.Read(ConformanceFiles.Path(folder + "/domain_01.json"));
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(ConformanceFiles.Path(folder + "/ui_01.json"), TestContext.Current.CancellationToken))!;
        // A trace as a whole has no warnings in OTLP, and so none is stored.
        expected["warnings"] = null;
        // OTLP keeps the parent apart from the links: it comes first, where Jaeger's first model has it second.
        var references = expected["spans"]![3]!["references"]!.AsArray();
        var parent = references[1];
        references.RemoveAt(1);
        references.Insert(0, parent);
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(await WriteAsync(spans))), await WriteAsync(spans));
    }

    private static async Task<string> WriteAsync(IReadOnlyList<Span> spans)
    {
        using var stream = new MemoryStream();
        var pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await using (var json = new JsonStream(pipe, CancellationToken.None))
        {
            await UiTraceJson.WriteAsync(json, spans[0].TraceId, spans);
            await json.EndAsync();
        }
        await pipe.CompleteAsync();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
