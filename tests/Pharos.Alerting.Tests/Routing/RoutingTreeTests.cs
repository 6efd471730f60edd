using Pharos.Alerting.Routing;
using Pharos.Alerting.Tests.Notifications;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Tests.Routing;

public sealed class RoutingTreeTests
{
    private static readonly RouteOptions Tree = new()
    {
        Receiver = "root",
        GroupBy = ["alertname", "env"],
        MuteTimeIntervals = [],
        Routes =
        [
            Route("team=x", "x", route => route with
            {
                GroupWait = TimeSpan.FromSeconds(1),
                MuteTimeIntervals = ["night"],
                Routes = [Route("env=prod", null), Route("env=~test|dev", "x-test", route => route with { GroupBy = [] })],
            }),
            Route("audit=yes", "audit", route => route with { Continue = true }),
            Route("audit=yes", "audit2", route => route with { Continue = true }),
            Route("team=y", "y", route => route with { GroupBy = ["..."] }),
        ],
    };

    [Theory]
    [InlineData("A", "root {}:{alertname=\"A\"}")]
    [InlineData("A team=x env=p", "x {}/{team=\"x\"}:{alertname=\"A\", env=\"p\"}")]
    [InlineData("A team=x env=prod", "x {}/{team=\"x\"}/{env=\"prod\"}:{alertname=\"A\", env=\"prod\"}")]
    [InlineData("A team=x env=dev", "x-test {}/{team=\"x\"}/{env=~\"test|dev\"}:{}")]
    [InlineData("A audit=yes", "audit {}/{audit=\"yes\"}:{alertname=\"A\"}", "audit2 {}/{audit=\"yes\"}:{alertname=\"A\"}")]
    [InlineData("A audit=yes team=y", "audit {}/{audit=\"yes\"}:{alertname=\"A\"}", "audit2 {}/{audit=\"yes\"}:{alertname=\"A\"}",
        "y {}/{team=\"y\"}:{alertname=\"A\", audit=\"yes\", team=\"y\"}")]
    [InlineData("A audit=yes team=x", "x {}/{team=\"x\"}:{alertname=\"A\"}")]
    public void Receivers_and_group_keys(string labels, params string[] expected)
    {
        var set = LabelSet.From([.. Timeline.Labels(labels)]);
        Assert.Equal(expected, new RoutingTree(Tree).Match(set).Select(
            route => $"{route.Receiver} {route.GroupKey(route.GroupLabels(set))}"));
    }

    [Fact]
    public void Children_inherit_waits_but_not_mutes_and_siblings_of_equal_matchers_stay_apart()
    {
        var tree = new RoutingTree(Tree);
        var child = tree.Root.Children[0].Children[0];
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), 0),
            (child.GroupWait, child.GroupInterval, child.Options.MuteTimeIntervals.Count));
        var siblings = tree.Root.Children.Skip(1).Take(2).ToArray();
        Assert.Equal(siblings[0].Key, siblings[1].Key);
        Assert.NotEqual(siblings[0].Id, siblings[1].Id);
    }

    private static RouteOptions Route(string matchers, string? receiver, Func<RouteOptions, RouteOptions>? change = null)
    {
        var route = new RouteOptions { Receiver = receiver, Matchers = MatcherParser.ParseAll(matchers).Matchers };
        return change?.Invoke(route) ?? route;
    }
}
