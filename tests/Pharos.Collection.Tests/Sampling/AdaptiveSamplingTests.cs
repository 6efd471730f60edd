using Pharos.Collection.Sampling;

namespace Pharos.Collection.Tests.Sampling;

public sealed class AdaptiveSamplingTests
{
    private static readonly AdaptiveSamplingOptions Usual = new();

    [Theory]
    [InlineData(0.1, 1, 0.1)]        // on target
    [InlineData(0.1, 1.29, 0.1)]     // within 30 %
    [InlineData(0.1, 0.71, 0.1)]
    [InlineData(0.1, 2, 0.05)]       // twice too much: halved at once
    [InlineData(0.1, 100, 0.001)]
    [InlineData(0.1, 0.5, 0.15)]     // half of it would be doubled, but rises by half at most
    [InlineData(0.1, 0, 0.2)]        // nothing at all: doubled
    [InlineData(0.9, 0, 1)]          // never above 1
    [InlineData(0.0001, 1000, 1e-5)] // never below the minimum
    public void Probability_follows_what_is_sampled(double probability, double samplesPerSecond, double expected) =>
        Assert.Equal(expected, SamplingDecision.Next(probability, samplesPerSecond, Usual), 12);

    [Fact]
    public void Newest_rate_weighs_most()
    {
        Assert.Equal(0, SamplingDecision.WeightedRate([]));
        Assert.Equal(3, SamplingDecision.WeightedRate([3]));
        // 2^4 = 16 and 1: (16 * 1 + 1 * 18) / 17
        Assert.Equal(2, SamplingDecision.WeightedRate([1, 18]));
    }

    [Fact]
    public void Busy_operation_settles_at_its_target()
    {
        var sampling = new AdaptiveSampling(Usual);
        for (var minute = 0; minute < 30; minute++)
        {
            var probability = Rate(sampling, "shop", "buy");
            // 500 requests per second, sampled as told.
            Send(sampling, "shop", "buy", probability, (int)Math.Round(500 * 60 * probability));
            sampling.Recalculate();
        }
        Assert.InRange(Rate(sampling, "shop", "buy") * 500, 0.7, 1.3);
        var strategy = sampling.Of("shop");
        Assert.Equal((0.001, 1.0 / 60), (strategy.Operations!.DefaultRate, strategy.Operations.LowerBound));
        Assert.Empty(sampling.Of("other").Operations!.Operations);
    }

    [Fact]
    public void Rare_operation_rises_until_it_is_seen_by_chance()
    {
        var sampling = new AdaptiveSampling(Usual);
        Send(sampling, "shop", "rare", 0.001, 0);
        sampling.Recalculate();
        Assert.Equal(0.002, Rate(sampling, "shop", "rare"), 12);
    }

    [Fact]
    public void Service_that_does_not_listen_keeps_what_it_has()
    {
        var sampling = new AdaptiveSampling(Usual);
        Send(sampling, "deaf", "op", 1, 6_000);
        sampling.Recalculate();
        var told = Rate(sampling, "deaf", "op");
        Assert.Equal(0.00001, told, 12);
        for (var minute = 0; minute < 3; minute++)
        {
            Send(sampling, "deaf", "op", 1, 6_000);
            sampling.Recalculate();
        }
        Assert.Equal(told, Rate(sampling, "deaf", "op"));
    }

    [Fact]
    public void Operations_are_bounded_and_forgotten()
    {
        var sampling = new AdaptiveSampling(Usual with { MaxOperations = 2, AggregationBuckets = 3 });
        foreach (var operation in new[] { "a", "b", "c" })
        {
            Send(sampling, "s", operation, 0.001, 1);
        }
        Assert.Equal(["a", "b"], sampling.Of("s").Operations!.Operations.Select(static operation => operation.Operation));
        for (var minute = 0; minute < 5; minute++)
        {
            sampling.Recalculate();
        }
        Assert.Empty(sampling.Of("s").Operations!.Operations);
    }

    [Fact]
    public void Spans_sampled_by_other_rules_do_not_count()
    {
        var sampling = new AdaptiveSampling(Usual);
        sampling.Count("s", "op", "const", 1);
        sampling.Count("s", "op", "ratelimiting", 2);
        sampling.Count("", "op", "probabilistic", 1);
        Assert.Empty(sampling.Of("s").Operations!.Operations);
    }

    private static double Rate(AdaptiveSampling sampling, string service, string operation) =>
        sampling.Of(service).Operations!.Operations.FirstOrDefault(given => given.Operation == operation)?.SamplingRate ?? Usual.InitialSamplingProbability;

    private static void Send(AdaptiveSampling sampling, string service, string operation, double probability, int count)
    {
        sampling.Count(service, operation, "lowerbound", probability);
        for (var i = 0; i < count; i++)
        {
            sampling.Count(service, operation, "probabilistic", probability);
        }
    }
}
