using System.Diagnostics;
using Pharos.Instrumentation.Tracing;

namespace Pharos.Instrumentation.Tests.Guide;

[Collection(OneAtATime.Name)]
public sealed class GuideTests
{
    [Theory]
    [InlineData("docs/guide/instrumentation.md", 9)]
    [InlineData("src/Pharos.Instrumentation/README.md", 1)]
    public void Every_piece_of_code_is_compiled(string document, int pieces)
    {
        var compiled = Flat(File.ReadAllText(Path.Combine(
            Checkout.Root, "tests", "Pharos.Instrumentation.Tests", "Guide", "GuideCode.cs")));
        var code = File.ReadAllText(Path.Combine(Checkout.Root, document)).Split("```csharp\n").Skip(1)
            .Select(block => Flat(block[..block.IndexOf("```", StringComparison.Ordinal)])).ToArray();
        Assert.Equal(pieces, code.Length);
        Assert.All(code, piece => Assert.Contains(piece, compiled, StringComparison.Ordinal));
    }

    [Fact]
    public void The_table_of_metrics_is_complete()
    {
        using var metrics = new Metrics.FrameworkMetrics();
        using var exporter = new Instrumentation.Exposition.PrometheusExporter(metrics.Meter);
        var guide = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "guide", "instrumentation.md"));
        Assert.All(
            exporter.Render().Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)),
            line => Assert.Contains($"| `{line.Split(' ')[2]}` | {line.Split(' ')[3]} |", guide, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_code_of_the_guide_does_what_it_says()
    {
        using var spans = new Spans(AgentTracer.SourcePrefix + "guide");
        using var tracer = new AgentTracer("guide");
        var answer = await GuideCode.TraceAsync(tracer, "what", CancellationToken.None);
        Assert.StartsWith("what!00-", answer, StringComparison.Ordinal);
        Assert.Equal(
            ["agent.generate_plan", "agent.ask_model", "agent.sync", "agent.communication", "agent.communication"],
            spans.All.Select(span => span.DisplayName));
        Assert.Equal(ActivityKind.Consumer, spans.All.Last().Kind);
    }

    private static string Flat(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}
