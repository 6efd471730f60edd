using Pharos.Alerting.Alerts;
using Pharos.Alerting.Inhibition;
using Pharos.Alerting.Routing;
using Pharos.Alerting.Tests.Notifications;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Tests.Inhibition;

public sealed class InhibitorTests
{
    [Theory]
    [InlineData("s=1", "t=1", "e", "S s=1 e=x", "T t=1 e=x", true)]
    [InlineData("s=1", "t=1", "e", "S s=1 e=x", "T t=1 e=y", false)]
    [InlineData("s=1", "t=1", "e", "S s=1", "T t=1", true)]
    [InlineData("s=1", "t=1", "", "S s=1 e=x", "T t=1 e=y", true)]
    [InlineData("s=1", "t=1", "e", "S s=2 e=x", "T t=1 e=x", false)]
    [InlineData("s=1", "t=1", "", "S s=1", "T t=1 s=1", true)]
    [InlineData("s=1", "t=1", "", "S s=1 t=1", "T t=1 s=1", false)]
    [InlineData("s=1", "t=1", "", "S s=1 t=1", "T t=1", true)]
    [InlineData("s=1", "s=1", "", "S s=1", "S s=1", false)]
    public void Table(string source, string target, string equal, string firing, string asked, bool expected)
    {
        var inhibitor = new Inhibitor([new InhibitRuleOptions
        {
            SourceMatchers = MatcherParser.ParseAll(source).Matchers,
            TargetMatchers = MatcherParser.ParseAll(target).Matchers,
            Equal = equal.Length == 0 ? [] : [equal],
        }]);
        inhibitor.Update(Firing(firing, 100));
        Assert.Equal(expected, inhibitor.InhibitedBy(Set(asked), Timeline.At(1)).Count > 0);
        Assert.Empty(inhibitor.InhibitedBy(Set(asked), Timeline.At(100)));
    }

    [Fact]
    public void Another_source_of_the_same_key_goes_on_inhibiting()
    {
        var inhibitor = new Inhibitor([new InhibitRuleOptions { SourceMatchers = MatcherParser.ParseAll("s=1").Matchers, TargetMatchers = MatcherParser.ParseAll("t=1").Matchers }]);
        inhibitor.Update(Firing("A s=1", 50));
        inhibitor.Update(Firing("B s=1", 100));
        inhibitor.Update(Firing("B s=1", 10));
        Assert.Equal("A", inhibitor.InhibitedBy(Set("T t=1"), Timeline.At(20))[0].Name);
        inhibitor.Remove(Set("B s=1"));
        Assert.Single(inhibitor.InhibitedBy(Set("T t=1"), Timeline.At(20)));
    }

    private static Alert Firing(string labels, double end) =>
        new() { Labels = Set(labels), StartsAt = Timeline.Zero, EndsAt = Timeline.At(end), UpdatedAt = Timeline.Zero };

    private static LabelSet Set(string labels) => LabelSet.From([.. Timeline.Labels(labels)]);
}
