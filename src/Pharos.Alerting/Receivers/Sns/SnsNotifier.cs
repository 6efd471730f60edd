using System.Globalization;
using System.Text;
using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers.Sns;

/// <summary>Publishes to Amazon's notification service: a topic, a phone, or an endpoint.</summary>
public sealed class SnsNotifier(SnsOptions options, ReceiverSetup setup) : INotifier
{
    // https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
    private const string ApiVersion = "2010-03-31";
    private const int MaxMessageBytes = 256 * 1024;
    private const int MaxShortMessageBytes = 1600;

    private readonly HttpIntegration _http = new("sns", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private async ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var url = renderer.Text("api_url", options.ApiUrl) is { Length: > 0 } own ? own : options.RegionalUrl;
        if (url.Length == 0)
        {
            return NotifyResult.Again(NotifyFailure.Other, "region not configured in sns.sigv4.region or in default credentials chain");
        }
        var request = new OutgoingRequest(url)
        {
            Body = QueryText.Of(Parameters(renderer)),
            ContentType = "application/x-www-form-urlencoded",
        };
        return await _http.SendAsync(request, cancellation);
    }

    private List<KeyValuePair<string, string>> Parameters(NotificationRenderer renderer)
    {
        var parameters = new List<KeyValuePair<string, string>> { new("Action", "Publish"), new("Version", ApiVersion) };
        void Add(string name, string field, string template)
        {
            if (template.Length > 0)
            {
                parameters.Add(new(name, renderer.Text(field, template)));
            }
        }
        Add("TargetArn", "target_arn", options.TargetArn);
        Add("PhoneNumber", "phone_number", options.PhoneNumber);
        if (options.TopicArn.Length > 0)
        {
            var topic = renderer.Text("topic_arn", options.TopicArn);
            parameters.Add(new("TopicArn", topic));
            if (topic.EndsWith(".fifo", StringComparison.Ordinal))
            {
                var group = GroupKeyHash.Of(renderer.Data.Notification.GroupKey);
                parameters.Add(new("MessageDeduplicationId", group));
                parameters.Add(new("MessageGroupId", group));
            }
        }
        if (options.Subject.Length > 0)
        {
            parameters.Add(new("Subject", renderer.Text("subject", options.Subject, renderer.PlainSubject())));
        }
        var whole = renderer.Body("message", options.Message);
        var message = Cut(whole, options.PhoneNumber.Length > 0 ? MaxShortMessageBytes : MaxMessageBytes);
        parameters.Add(new("Message", message));
        AddAttributes(parameters, renderer, isCut: message.Length < whole.Length);
        return parameters;
    }

    private void AddAttributes(List<KeyValuePair<string, string>> parameters, NotificationRenderer renderer, bool isCut)
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in options.Attributes)
        {
            attributes[renderer.Text("attributes", name, name)] = renderer.Text("attributes." + name, value);
        }
        if (isCut)
        {
            attributes["truncated"] = "true";
        }
        var number = 0;
        foreach (var (name, value) in attributes)
        {
            var entry = string.Create(CultureInfo.InvariantCulture, $"MessageAttributes.entry.{++number}");
            parameters.Add(new($"{entry}.Name", name));
            parameters.Add(new($"{entry}.Value.DataType", "String"));
            parameters.Add(new($"{entry}.Value.StringValue", value));
        }
    }

    /// <summary>At most so many bytes, no ellipsis, and no half of a character: Alertmanager may cut one in two.</summary>
    private static string Cut(string text, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }
        var end = 0;
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }
            end += rune.Utf16SequenceLength;
        }
        return text[..end];
    }
}
