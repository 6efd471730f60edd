using Pharos.Alerting.Templates;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Tests.Templates;

public sealed class HumanizingTests
{
    [Theory]
    [InlineData("humanize 0.0", "0")]
    [InlineData("humanize 1.0", "1")]
    [InlineData("humanize 1234567.0", "1.235M")]
    [InlineData("humanize -1234567.0", "-1.235M")]
    [InlineData("humanize 0.12", "120m")]
    [InlineData("humanize 0.0000012", "1.2u")]
    [InlineData("humanize 999.9", "999.9")]
    [InlineData("humanize 1000", "1k")]
    [InlineData("humanize 1e27", "1000Y")]
    [InlineData("humanize \"2500\"", "2.5k")]
    [InlineData("humanize \"+Inf\"", "+Inf")]
    [InlineData("humanize \"NaN\"", "NaN")]
    [InlineData("humanize1024 0.0", "0")]
    [InlineData("humanize1024 1.0", "1")]
    [InlineData("humanize1024 1048576.0", "1Mi")]
    [InlineData("humanize1024 0.12", "0.12")]
    [InlineData("humanize1024 1500", "1.465ki")]
    [InlineData("humanizeDuration 0", "0s")]
    [InlineData("humanizeDuration 1", "1s")]
    [InlineData("humanizeDuration 60", "1m 0s")]
    [InlineData("humanizeDuration 3600", "1h 0m 0s")]
    [InlineData("humanizeDuration 86400", "1d 0h 0m 0s")]
    [InlineData("humanizeDuration 93784", "1d 2h 3m 4s")]
    [InlineData("humanizeDuration -93784", "-1d 2h 3m 4s")]
    [InlineData("humanizeDuration 899.99", "14m 59s")]
    [InlineData("humanizeDuration 12.3456", "12.35s")]
    [InlineData("humanizeDuration 0.1", "100ms")]
    [InlineData("humanizeDuration 0.0001", "100us")]
    [InlineData("humanizeDuration 0.12345", "123.5ms")]
    [InlineData("humanizeDuration \"-Inf\"", "-Inf")]
    [InlineData("humanizePercentage 0.125", "12.5%")]
    [InlineData("humanizePercentage -0.22222", "-22.22%")]
    [InlineData("humanizePercentage 0.000004", "0.0004%")]
    [InlineData("humanizeTimestamp 1435065584.128", "2015-06-23 13:19:44.128 +0000 UTC")]
    [InlineData("humanizeTimestamp 1435065584", "2015-06-23 13:19:44 +0000 UTC")]
    [InlineData("humanizeTimestamp \"NaN\"", "NaN")]
    [InlineData("humanizeDuration (toDuration 61)", "1m 1s")]
    public void A_number_is_written_for_people(string call, string expected) =>
        Assert.Equal(expected, RuleTemplate.Parse("t", "{{ " + call + " }}").Expand(
            new RuleTemplateContext { Labels = LabelSet.Empty, Value = 0, Now = DateTimeOffset.UnixEpoch }));
}
