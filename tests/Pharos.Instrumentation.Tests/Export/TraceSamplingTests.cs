using System.Diagnostics;
using Pharos.Instrumentation.Export;

namespace Pharos.Instrumentation.Tests.Export;

[Collection(OneAtATime.Name)]
public sealed class TraceSamplingTests
{
    private static ActivityContext None => default;

    private static ActivityContext Parent(bool recorded, bool remote) => new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(),
        recorded ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None, null, remote);

    [Theory]
    [InlineData(null, null, true, true, false)]
    [InlineData("parentbased_always_on", null, true, true, false)]
    [InlineData("always_on", null, true, true, true)]
    [InlineData("always_off", null, false, false, false)]
    [InlineData("parentbased_always_off", null, false, true, false)]
    [InlineData("traceidratio", "0", false, false, false)]
    [InlineData("parentbased_traceidratio", "0", false, true, false)]
    [InlineData("parentbased_traceidratio", "1.0", true, true, false)]
    public void Samplers_decide_on_roots_and_children(string? name, string? argument, bool root, bool ofRecorded, bool ofUnrecorded)
    {
        var sampling = TraceSampling.Parse(name, argument, problem => Assert.Fail(problem));
        bool Keeps(ActivityContext parent) =>
            sampling.Decide(ActivityTraceId.CreateRandom(), parent) == ActivitySamplingResult.AllDataAndRecorded;
        Assert.Equal((root, ofRecorded, ofUnrecorded), (Keeps(None), Keeps(Parent(true, true)), Keeps(Parent(false, true))));
    }

    [Fact]
    public void A_ratio_keeps_its_share_and_the_same_traces_everywhere()
    {
        var sampling = TraceSampling.Parse("traceidratio", "0.25", problem => Assert.Fail(problem));
        ActivitySamplingResult Of(string hex) => sampling.Decide(ActivityTraceId.CreateFromString(hex), None);
        // The threshold is 0.75 * 2^56 = 0xc0000000000000 of the last seven bytes.
        Assert.Equal(ActivitySamplingResult.AllDataAndRecorded, Of("000000000000000000c0000000000000"));
        Assert.Equal(ActivitySamplingResult.PropagationData, Of("ffffffffffffffffffbfffffffffffff"));
        var kept = Enumerable.Range(0, 10_000).Count(_ =>
            sampling.Decide(ActivityTraceId.CreateRandom(), None) == ActivitySamplingResult.AllDataAndRecorded);
        Assert.InRange(kept, 2200, 2800);
    }

    [Theory]
    [InlineData("traceidratio", "2", "OTEL_TRACES_SAMPLER_ARG: \"2\" is not between 0 and 1; 1 is used")]
    [InlineData("jaeger_remote", null, "OTEL_TRACES_SAMPLER: jaeger_remote is not known; parentbased_always_on is used")]
    public void What_is_not_understood_is_named(string name, string? argument, string expected)
    {
        var problems = new List<string>();
        TraceSampling.Parse(name, argument, problems.Add);
        Assert.Equal(expected, Assert.Single(problems));
    }

    [Fact]
    public void Below_an_unrecorded_span_of_this_process_nothing_is_made()
    {
        Assert.Equal(ActivitySamplingResult.None, TraceSampling.Default.Decide(default, Parent(false, false)));
        Assert.Equal(ActivitySamplingResult.PropagationData, TraceSampling.Default.Decide(default, Parent(false, true)));
    }
}
