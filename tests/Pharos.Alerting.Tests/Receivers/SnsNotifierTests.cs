using System.Net;
using System.Web;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers.Sns;
using Pharos.Alerting.Tests.Templates;
using static Pharos.Alerting.Tests.Receivers.Make;

namespace Pharos.Alerting.Tests.Receivers;

public sealed class SnsNotifierTests
{
    [Fact]
    public async Task A_topic_gets_subject_message_and_attributes()
    {
        var sent = await Sent(new SnsOptions
        {
            RegionalUrl = "https://sns.eu-central-1.amazonaws.com/",
            TopicArn = "arn:aws:sns:eu-central-1:1:{{ .Status }}",
            Subject = "{{ .GroupLabels.alertname }} & more",
            Message = "a=b ü {{ .Alerts | len }}",
            Attributes = new Dictionary<string, string> { ["severity"] = "{{ .CommonLabels.severity }}", ["AWS.SNS.SMS.SenderID"] = "pharos" },
        });
        Assert.Equal("Action=Publish&Message=a%3Db+%C3%BC+3&MessageAttributes.entry.1.Name=AWS.SNS.SMS.SenderID" +
            "&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=pharos" +
            "&MessageAttributes.entry.2.Name=severity&MessageAttributes.entry.2.Value.DataType=String" +
            "&MessageAttributes.entry.2.Value.StringValue=critical&Subject=HighLoad+%26+more" +
            "&TopicArn=arn%3Aaws%3Asns%3Aeu-central-1%3A1%3Afiring&Version=2010-03-31", sent);
    }

    [Fact]
    public async Task A_fifo_topic_gets_the_group_as_its_order()
    {
        var form = HttpUtility.ParseQueryString(await Sent(new SnsOptions { ApiUrl = "http://sns.example", TopicArn = "arn:t.fifo" }));
        Assert.Equal(64, form["MessageGroupId"]!.Length);
        Assert.Equal(form["MessageGroupId"], form["MessageDeduplicationId"]);
        Assert.Equal("[FIRING:2] HighLoad (api critical)", form["Subject"]);
    }

    [Theory]
    [InlineData("+4912345", "", 1600)]
    [InlineData("", "arn:e", 256 * 1024)]
    public async Task A_long_message_is_cut_and_marked(string phone, string target, int limit)
    {
        var form = HttpUtility.ParseQueryString(await Sent(new SnsOptions
        {
            ApiUrl = "http://sns.example", PhoneNumber = phone, TargetArn = target, Subject = "", Message = "x" + new string('ü', limit),
        }));
        Assert.Equal(limit - 1, System.Text.Encoding.UTF8.GetByteCount(form["Message"]!));
        Assert.Equal("truncated", form["MessageAttributes.entry.1.Name"]);
        Assert.Equal("true", form["MessageAttributes.entry.1.Value.StringValue"]);
        Assert.Null(form["Subject"]);
    }

    [Fact]
    public async Task Without_a_region_nobody_is_asked()
    {
        var http = new FakeHttp(HttpStatusCode.OK, "");
        var result = await new SnsNotifier(new SnsOptions { TopicArn = "arn:t" }, Setup(new HttpClient(http))).NotifyAsync(Some.Notification, default);
        Assert.Contains("region not configured", result.Reason, StringComparison.Ordinal);
        Assert.Empty(http.Requests);
    }

    private static async Task<string> Sent(SnsOptions options)
    {
        var http = new FakeHttp(HttpStatusCode.OK, "<PublishResponse/>", "text/xml");
        var result = await new SnsNotifier(options, Setup(new HttpClient(http))).NotifyAsync(Some.Notification, default);
        Assert.Equal(NotifyOutcome.Sent, result.Outcome);
        Assert.Equal("application/x-www-form-urlencoded", http.Requests[0].Message.Content!.Headers.ContentType!.ToString());
        return http.Requests[0].Body;
    }
}
