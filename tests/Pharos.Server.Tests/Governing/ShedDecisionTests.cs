using Pharos.Server.Governing;

namespace Pharos.Server.Tests.Governing;

public sealed class ShedDecisionTests
{
    private static readonly ResourceBudget Budget = new(1000L << 20, 4);

    [Theory]
    [InlineData(0, 0, 0, "Nothing")]
    [InlineData(849, 4.1, 4.9, "Nothing")]
    [InlineData(850, 0, 0, "ExpensiveQueries")]
    [InlineData(920, 0, 0, "RuleEvaluations")]
    [InlineData(970, 0, 0, "NewSeries")]
    [InlineData(5000, 0, 0, "NewSeries")]
    [InlineData(0, 4.2, 0, "ExpensiveQueries")]
    [InlineData(0, 6, 0, "RuleEvaluations")]
    [InlineData(0, 99, 0, "RuleEvaluations")]
    [InlineData(0, 0, 5, "ExpensiveQueries")]
    [InlineData(0, 0, 15, "RuleEvaluations")]
    [InlineData(0, 0, 60, "NewSeries")]
    [InlineData(920, 4.2, 60, "NewSeries")]
    public void Pressure_sheds_queries_then_rules_then_new_series(long megabytes, double cores, double delaySeconds, string level) =>
        Assert.Equal(level, Decide(megabytes, cores, delaySeconds, ShedLevel.Nothing).Level.ToString());

    [Fact]
    public void A_level_ends_only_some_way_below_where_it_began()
    {
        Assert.Equal(ShedLevel.ExpensiveQueries, Decide(810, 0, 0, ShedLevel.ExpensiveQueries).Level);
        Assert.Equal(ShedLevel.Nothing, Decide(800, 0, 0, ShedLevel.ExpensiveQueries).Level);
        Assert.Equal(ShedLevel.RuleEvaluations, Decide(880, 0, 0, ShedLevel.RuleEvaluations).Level);
        Assert.Equal(ShedLevel.ExpensiveQueries, Decide(880, 0, 0, ShedLevel.ExpensiveQueries).Level);
        Assert.Equal(ShedLevel.NewSeries, Decide(922, 0, 0, ShedLevel.NewSeries).Level);
    }

    [Fact]
    public void More_pressure_never_sheds_less()
    {
        foreach (var before in Enum.GetValues<ShedLevel>())
        {
            var last = ShedLevel.Nothing;
            for (var megabytes = 0; megabytes < 1200; megabytes++)
            {
                var level = Decide(megabytes, 0, 0, before).Level;
                Assert.True(level >= last);
                last = level;
            }
            Assert.Equal(ShedLevel.NewSeries, last);
        }
    }

    [Fact]
    public void The_reason_says_what_is_short()
    {
        Assert.Equal("short of memory: 900MiB of 1000MiB in use", Decide(900, 0, 0, ShedLevel.Nothing).Reason);
        Assert.Equal("short of processor time: 5.0 cores busy, 4.0 allowed", Decide(0, 5, 0, ShedLevel.Nothing).Reason);
        Assert.Equal("short of processor time: work waits 7 s for a thread", Decide(0, 0, 7, ShedLevel.Nothing).Reason);
        Assert.Equal("", Decide(0, 0, 0, ShedLevel.Nothing).Reason);
    }

    [Fact]
    public void Without_a_budget_nothing_is_shed_for_it()
    {
        var load = new LoadMeasurement(long.MaxValue, 1000, TimeSpan.Zero);
        Assert.Equal(ShedLevel.Nothing, ShedDecision.Decide(load, new ResourceBudget(0, 0), ShedLevel.Nothing).Level);
    }

    private static ShedDecision Decide(long megabytes, double cores, double delaySeconds, ShedLevel before) =>
        ShedDecision.Decide(new LoadMeasurement(megabytes << 20, cores, TimeSpan.FromSeconds(delaySeconds)), Budget, before);
}
