using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers.OpsGenie;

/// <summary>Opens and closes alerts at Opsgenie; the group's hash is the alias under which both find the same one.</summary>
public sealed class OpsGenieNotifier(OpsGenieOptions options, ReceiverSetup setup) : INotifier
{
    // https://docs.opsgenie.com/docs/alert-api
    private const int MaxMessageRunes = 130;

    private readonly HttpIntegration _http = new("opsgenie", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private async ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var key = renderer.SecretText("api_key", options.ApiKey.Reveal()).Trim();
        if (key.Length == 0)
        {
            return NotifyResult.Never(NotifyFailure.Other, "api_key cannot be empty");
        }
        var result = NotifyResult.Sent;
        foreach (var (method, path, json) in Calls(renderer))
        {
            var request = new OutgoingRequest(path)
            {
                Method = method,
                Body = json,
                Authorization = "GenieKey " + key,
                Secrets = [key],
            };
            result = await _http.SendAsync(request, cancellation);
            if (result.Outcome != NotifyOutcome.Sent)
            {
                // The alias makes it harmless to begin again with the first call.
                break;
            }
        }
        return result;
    }

    private IEnumerable<(HttpMethod Method, string Url, string Json)> Calls(NotificationRenderer renderer)
    {
        var alias = GroupKeyHash.Of(renderer.Data.Notification.GroupKey);
        var source = renderer.Text("source", options.Source);
        if (renderer.Data.Status != "firing")
        {
            yield return (HttpMethod.Post, ByAlias(alias, "close"), new JsonText().Open('{').Member("source", source).Close('}').ToString());
            yield break;
        }
        var message = MessageText.Truncate(renderer.Text("message", options.Message, renderer.PlainSubject()), MaxMessageRunes);
        var description = renderer.Body("description", options.Description);
        yield return (HttpMethod.Post, UrlPath.Append(options.ApiUrl, "v2/alerts"), Alert(renderer, alias, message, description, source));
        if (options.UpdateAlerts)
        {
            yield return (HttpMethod.Put, ByAlias(alias, "message"),
                new JsonText().Open('{').Optional("message", message).Close('}').ToString());
            yield return (HttpMethod.Put, ByAlias(alias, "description"),
                new JsonText().Open('{').Optional("description", description).Close('}').ToString());
        }
    }

    private string ByAlias(string alias, string action) =>
        UrlPath.WithParameter(UrlPath.Append(options.ApiUrl, $"v2/alerts/{alias}/{action}"), "identifierType", "alias");

    private string Alert(NotificationRenderer renderer, string alias, string message, string description, string source)
    {
        var json = new JsonText().Open('{').Member("alias", alias).Member("message", message)
            .Optional("description", description).Key("details").Open('{');
        foreach (var (name, value) in Details(renderer))
        {
            json.Member(name, value);
        }
        return json.Close('}').Member("source", source)
            .OptionalList("responders", Responders(renderer), static (list, one) => list.Open('{').Optional("id", one.Id)
                .Optional("name", one.Name).Optional("username", one.Username).Member("type", one.Type).Close('}'))
            .OptionalList("tags", Split(renderer.Text("tags", options.Tags)), static (list, tag) => list.Text(tag))
            .Optional("note", renderer.Text("note", options.Note))
            .Optional("priority", renderer.Text("priority", options.Priority))
            .Optional("entity", renderer.Text("entity", options.Entity))
            .OptionalList("actions", Split(renderer.Text("actions", options.Actions)), static (list, action) => list.Text(action))
            .Close('}').ToString();
    }

    private SortedDictionary<string, string> Details(NotificationRenderer renderer)
    {
        var details = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in renderer.Data.CommonLabels)
        {
            details[label.Name] = label.Value;
        }
        foreach (var (name, template) in options.Details)
        {
            details[name] = renderer.Text("details." + name, template);
        }
        return details;
    }

    private List<OpsGenieResponder> Responders(NotificationRenderer renderer) => [.. options.Responders
        .Select(one => new OpsGenieResponder(renderer.Text("responders.id", one.Id), renderer.Text("responders.name", one.Name),
            renderer.Text("responders.username", one.Username), renderer.Text("responders.type", one.Type)))
        // A responder filled from labels that are not there is none.
        .Where(static one => one is not { Id: "", Name: "", Username: "", Type: "" })
        .SelectMany(static one => one.Type == "teams" ? Split(one.Name).Select(static team => new OpsGenieResponder("", team, "", "team")) : [one])];

    private static string[] Split(string text) => text.Trim().Split(',', StringSplitOptions.RemoveEmptyEntries);
}
