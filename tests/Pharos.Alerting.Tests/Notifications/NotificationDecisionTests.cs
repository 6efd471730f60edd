using Pharos.Alerting.Alerts;
using Pharos.Alerting.Durability;
using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Tests.Notifications;

public sealed class NotificationDecisionTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);

    [Theory]
    // Entry (firing | resolved, age in minutes), firing and resolved now, sendResolved, decision. Repeats after ten minutes.
    [InlineData(null, "1", "", true, "first notification")]
    [InlineData(null, "", "", true, "")]
    [InlineData(null, "", "1", true, "")]
    [InlineData("|;1", "1", "", true, "first notification")]
    [InlineData("|1;1", "1", "", true, "first notification")]
    [InlineData("1|;1", "1 2", "", true, "new alerts added")]
    [InlineData("1|;1", "1", "", true, "")]
    [InlineData("1 2|;1", "1", "", true, "")]
    [InlineData("1 2|;1", "1", "2", true, "some alerts resolved")]
    [InlineData("1 2|;1", "1", "2", false, "")]
    [InlineData("1|2;1", "1", "2", true, "")]
    [InlineData("1|;1", "", "1", true, "all alerts resolved")]
    [InlineData("1|;1", "", "1", false, "all alerts resolved")]
    [InlineData("|1;1", "", "1", true, "")]
    [InlineData("|1;100", "", "1 2", true, "")]
    [InlineData("1|;10", "1", "", true, "repeat interval elapsed")]
    [InlineData("1|;9.99", "1", "", true, "")]
    public void Table(string? entry, string firing, string resolved, bool sendResolved, string expected) =>
        Assert.Equal(expected, NotificationDecision.Text(NotificationDecision.Decide(
            Entry(entry), Set(firing), Set(resolved), sendResolved, TimeSpan.FromMinutes(10), Now)));

    private static NotificationLogEntry? Entry(string? text)
    {
        if (text is null)
        {
            return null;
        }
        var parts = text.Split('|', ';');
        return new NotificationLogEntry(Set(parts[0]), Set(parts[1]), FingerprintSet.Empty, Now.AddMinutes(-double.Parse(parts[2])), Now.AddDays(1));
    }

    private static FingerprintSet Set(string text) =>
        FingerprintSet.Of([.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ulong.Parse)]);
}
