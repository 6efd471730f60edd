using System.Net;
using System.Text;
using System.Text.Json;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers.Webex;
using Pharos.Alerting.Tests.Templates;
using static Pharos.Alerting.Tests.Receivers.Make;

namespace Pharos.Alerting.Tests.Receivers;

public sealed class WebexNotifierTests
{
    private static readonly WebexOptions Options = new() { ApiUrl = "https://webex.example/v1/messages", RoomId = "room {{ .Status }}" };

    [Fact]
    public async Task A_message_names_the_room()
    {
        var http = new FakeHttp(HttpStatusCode.OK, "{}");
        var result = await new WebexNotifier(Options with { Message = "**{{ .Status }}** <b>" }, Setup(new HttpClient(http))).NotifyAsync(Some.Notification, default);
        Assert.Equal(NotifyOutcome.Sent, result.Outcome);
        Assert.Equal(("https://webex.example/v1/messages", "{\"markdown\":\"**firing** \\u003cb\\u003e\",\"roomId\":\"room firing\"}\n"),
            (http.Requests[0].Url, http.Requests[0].Body));
    }

    [Fact]
    public async Task A_long_message_is_cut_to_the_limit_in_bytes()
    {
        var http = new FakeHttp(HttpStatusCode.OK, "{}");
        await new WebexNotifier(Options with { Message = new string('ü', 5000) }, Setup(new HttpClient(http))).NotifyAsync(Some.Notification, default);
        var sent = JsonDocument.Parse(http.Requests[0].Body).RootElement.GetProperty("markdown").GetString()!;
        Assert.Equal(7439, Encoding.UTF8.GetByteCount(sent));
        Assert.EndsWith("ü…", sent, StringComparison.Ordinal);
    }
}
