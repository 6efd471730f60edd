using Pharos.Alerting.Cluster;
using Pharos.Storage.State.Sharing;

namespace Pharos.Alerting.Tests.Cluster;

public sealed class LeaseDecisionTests
{
    private const double Long = 100;

    [Theory]
    [InlineData(null, false, false, "", 0, 0, LeaseWish.Look, 0)]
    [InlineData(null, true, false, "other", 0, 7, LeaseWish.Look, 7)]
    [InlineData(null, true, true, "other", 0, 7, LeaseWish.Look, 7)]
    [InlineData(null, true, true, "other", 1.5, 7, LeaseWish.Acquire, 7)]
    [InlineData(null, true, true, "", 0, 0, LeaseWish.Acquire, 0)]
    [InlineData(null, true, false, "", 0, 3, LeaseWish.Look, 3)]
    [InlineData(7L, true, false, "me", 0, 7, LeaseWish.Renew, 7)]
    [InlineData(7L, true, true, "me", Long, 7, LeaseWish.Renew, 7)]
    public void Who_holds_renews_and_others_take_what_is_over(
        long? held, bool hasReport, bool isExpired, string holder, double expiredFor, long epoch, LeaseWish wish, long about)
    {
        var report = hasReport ? new LeaseReport(epoch, holder, isExpired, TimeSpan.Zero, []) : null;
        Assert.Equal((wish, about), LeaseDecision.Decide(held, report, TimeSpan.FromSeconds(expiredFor)));
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(4.9, 4.9, true)]
    [InlineData(5, 4, false)]
    // A machine that was suspended: only the time of day has gone on.
    [InlineData(1, 60, false)]
    // A time of day that was set back is not believed.
    [InlineData(1, -3600, true)]
    [InlineData(5, -3600, false)]
    public void A_leader_takes_his_lease_for_over_before_the_database_does(double elapsed, double wall, bool holds) =>
        Assert.Equal(holds, LeaseDecision.Holds(TimeSpan.FromSeconds(elapsed), TimeSpan.FromSeconds(wall)));
}
