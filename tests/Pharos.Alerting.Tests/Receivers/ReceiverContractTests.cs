using System.Net;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers.PagerDuty;
using Pharos.Alerting.Receivers.Slack;
using Pharos.Alerting.Receivers.Webhook;
using Pharos.Alerting.Tests.Templates;
using Pharos.Storage.Model;
using static Pharos.Alerting.Tests.Receivers.Make;

namespace Pharos.Alerting.Tests.Receivers;

/// <summary>What holds for every receiver that speaks HTTP.</summary>
public sealed class ReceiverContractTests
{
    private const string SecretPart = "s3cr3t-t0ken";

    public static TheoryData<string> Integrations() => ["slack", "slack-bot", "pagerduty", "pagerduty-v1", "webhook"];

    [Theory]
    [MemberData(nameof(Integrations))]
    public async Task A_cancelled_attempt_may_be_repeated(string integration)
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var result = await Notifier(integration, new FakeHttp(HttpStatusCode.OK, "ok")).NotifyAsync(Some.Notification, cancelled.Token);
        Assert.Equal(NotifyOutcome.Retry, result.Outcome);
    }

    [Theory]
    [MemberData(nameof(Integrations))]
    public async Task A_5xx_and_a_429_may_be_repeated_and_other_4xx_not(string integration)
    {
        Assert.Equal(NotifyOutcome.Retry, (await Notify(integration, HttpStatusCode.InternalServerError)).Outcome);
        Assert.Equal(NotifyOutcome.Failed, (await Notify(integration, HttpStatusCode.BadRequest)).Outcome);
        var limited = await Notifier(integration, new FakeHttp(HttpStatusCode.TooManyRequests, "slow down") { RetryAfter = TimeSpan.FromSeconds(7) })
            .NotifyAsync(Some.Notification, CancellationToken.None);
        Assert.Equal(NotifyOutcome.Retry, limited.Outcome);
        Assert.Equal(TimeSpan.FromSeconds(7), limited.RetryAfter);
    }

    [Theory]
    [MemberData(nameof(Integrations))]
    public async Task No_reason_carries_a_secret(string integration)
    {
        foreach (var http in new[]
        {
            new FakeHttp(HttpStatusCode.BadRequest, "no such key " + SecretPart),
            new FakeHttp(HttpStatusCode.OK, "") { Throws = new HttpRequestException("cannot reach https://host/" + SecretPart) },
            new FakeHttp(HttpStatusCode.OK, "") { Throws = new IOException(SecretPart) },
        })
        {
            var result = await Notifier(integration, http).NotifyAsync(Some.Notification, CancellationToken.None);
            Assert.NotEqual(NotifyOutcome.Sent, result.Outcome);
            Assert.DoesNotContain(SecretPart, result.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Integrations))]
    public async Task A_missing_secret_file_is_named_and_tried_again(string integration)
    {
        var result = await Notifier(integration, new FakeHttp(HttpStatusCode.OK, "ok"), Secret.FromFile("/nonexistent/key"))
            .NotifyAsync(Some.Notification, CancellationToken.None);
        Assert.Equal(NotifyOutcome.Retry, result.Outcome);
        Assert.Contains("/nonexistent/key", result.Reason, StringComparison.Ordinal);
    }

    private static async Task<NotifyResult> Notify(string integration, HttpStatusCode status) =>
        await Notifier(integration, new FakeHttp(status, "no")).NotifyAsync(Some.Notification, CancellationToken.None);

    private static INotifier Notifier(string integration, FakeHttp http, Secret? secret = null)
    {
        var setup = Setup(new HttpClient(http));
        var url = secret ?? Secret.Inline("https://hooks.example/" + SecretPart);
        var key = secret ?? Secret.Inline(SecretPart);
        return integration switch
        {
            "slack" => new SlackNotifier(new SlackOptions { ApiUrl = url, Channel = "#c" }, setup),
            "slack-bot" => new SlackNotifier(new SlackOptions { AppToken = key, Channel = "#c" }, setup),
            "pagerduty" => new PagerDutyNotifier(new PagerDutyOptions { RoutingKey = key }, setup),
            "pagerduty-v1" => new PagerDutyNotifier(new PagerDutyOptions { ServiceKey = key }, setup),
            _ => new WebhookNotifier(new WebhookOptions { Url = url }, setup),
        };
    }
}
