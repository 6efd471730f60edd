using System.Text;
using Pharos.Collection.Sampling;

namespace Pharos.Collection.Tests.Sampling;

public sealed class StaticStrategiesTests
{
    private const string File =
        """
        {"default_strategy":{"type":"probabilistic","param":0.5,"operation_strategies":[{"operation":"op0","type":"probabilistic","param":0.2},
          {"operation":"op6","type":"probabilistic","param":0}]},
         "service_strategies":[
          {"service":"foo","type":"probabilistic","param":0.8,"operation_strategies":[{"operation":"op6","type":"probabilistic","param":0.5},
            {"operation":"op7","type":"probabilistic","param":1},{"operation":"op8","type":"ratelimiting","param":10}]},
          {"service":"bar","type":"ratelimiting","param":5},
          {"service":"odd","type":"sometimes","param":5}]}
        """;

    [Fact]
    public void Service_has_its_own_strategy_and_the_defaults_operations()
    {
        var strategies = Parse(File);
        var foo = strategies.Of("foo");
        Assert.Equal((SamplingKind.Probabilistic, 0.8), (foo.Kind, foo.SamplingRate));
        Assert.Equal((0.8, 0.0), (foo.Operations!.DefaultRate, foo.Operations.LowerBound));
        Assert.Equal([new("op6", 0.5), new("op7", 1), new OperationStrategy("op0", 0.2)], foo.Operations.Operations);
        var bar = strategies.Of("bar");
        Assert.Equal((SamplingKind.RateLimiting, 5), (bar.Kind, bar.MaxTracesPerSecond));
        Assert.Equal([new("op0", 0.2), new OperationStrategy("op6", 0)], bar.Operations!.Operations);
        var other = strategies.Of("unheard of");
        Assert.Equal((SamplingKind.Probabilistic, 0.5, 0.5), (other.Kind, other.SamplingRate, other.Operations!.DefaultRate));
    }

    [Fact]
    public void What_is_not_used_is_told()
    {
        var strategies = Parse(File);
        Assert.Equal(2, strategies.Warnings.Count);
        Assert.StartsWith("foo, operation op8: only probabilistic", strategies.Warnings[0], StringComparison.Ordinal);
        Assert.StartsWith("odd: \"sometimes\" is neither", strategies.Warnings[1], StringComparison.Ordinal);
        Assert.Equal(SamplingStrategy.DefaultRate, strategies.Of("odd").SamplingRate);
    }

    [Fact]
    public void Without_a_file_one_trace_in_a_thousand_is_sampled() =>
        Assert.Equal(SamplingStrategy.Probabilistic(0.001), StaticStrategies.Empty.Of("any"));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"service_strategies\":{}}")]
    [InlineData("{\"default_strategy\":{\"type\":\"probabilistic\",\"param\":\"x\"}}")]
    [InlineData("{\"default_strategy\":5}")]
    public void File_that_is_none_is_refused(string text) =>
        Assert.StartsWith("failed to unmarshal strategies", Assert.Throws<InvalidDataException>(() => Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_files_of_Jaegers_image_are_read()
    {
        var example = Conformance.Require("jaeger", "jaeger-v1.49.0", "cmd", "all-in-one", "sampling_strategies_example.json");
        Assert.DoesNotContain(
            StaticStrategies.Parse(System.IO.File.ReadAllBytes(example)).Warnings,
            static warning => !warning.Contains("only probabilistic", StringComparison.Ordinal));
        var image = Conformance.Require("jaeger", "jaeger-v1.49.0", "cmd", "all-in-one", "sampling_strategies.json");
        Assert.Equal(SamplingStrategy.Probabilistic(1), StaticStrategies.Parse(System.IO.File.ReadAllBytes(image)).Of("any"));
    }

    private static StaticStrategies Parse(string text) => StaticStrategies.Parse(Encoding.UTF8.GetBytes(text));
}
