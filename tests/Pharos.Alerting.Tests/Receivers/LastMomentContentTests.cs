using System.Net;
using System.Net.Sockets;
using System.Text;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers.Webhook;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Tests.Receivers;

public sealed class LastMomentContentTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nobody_gets_a_message_that_another_node_sends_by_now(bool maySend)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new HttpClient();
        var notifier = new WebhookNotifier(
            new WebhookOptions { Url = Secret.Inline($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/") }, Make.Setup(client));
        var asked = 0;
        var sending = notifier.NotifyAsync(
            new Notification
            {
                Receiver = "r",
                GroupKey = "g",
                GroupLabels = LabelSet.Empty,
                ExternalUrl = "",
                Now = DateTimeOffset.UnixEpoch,
                Alerts = [new Alert { Labels = LabelSet.From(("alertname", "A")), StartsAt = default, EndsAt = DateTimeOffset.MaxValue, UpdatedAt = default }],
                MaySend = () =>
                {
                    Interlocked.Increment(ref asked);
                    return maySend;
                },
            },
            TestContext.Current.CancellationToken);
        using var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        int read;
        while (!text.ToString().Contains("\"alertname\"", StringComparison.Ordinal)
            && (read = await connection.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        Assert.Equal(maySend, text.ToString().Contains("\"alertname\"", StringComparison.Ordinal));
        await connection.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var result = await sending;
        Assert.Equal(maySend ? NotifyOutcome.Sent : NotifyOutcome.Retry, result.Outcome);
        Assert.Equal(1, asked);
    }
}
