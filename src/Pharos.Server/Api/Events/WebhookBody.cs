using System.Text.Json;
using Pharos.Alerting.Alerts;
using Pharos.Server.Api.Alertmanager;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Events;

/// <summary>Reads what a webhook is sent: Alertmanager's message (version 4), Grafana's, which is that with more keys, or one plain
/// event with <c>title</c>, <c>labels</c>, <c>annotations</c> and <c>status</c>.</summary>
internal static class WebhookBody
{
    /// <summary>Of an alert in Grafana's message, and the annotation that keeps it.</summary>
    private static readonly (string Key, string Annotation)[] GrafanaLinks =
        [("dashboardURL", "dashboard_url"), ("panelURL", "panel_url"), ("imageURL", "image_url")];

    /// <param name="errors">One for each alert that is not in order; the others are good.</param>
    /// <exception cref="SchemaException">Nothing in the body can be read.</exception>
    public static IReadOnlyList<WebhookAlert> Read(JsonElement body, List<string> errors)
    {
        if (body.ValueKind is not JsonValueKind.Object)
        {
            throw new SchemaException(400, "the body must be a JSON object: Alertmanager's or Grafana's message, or an event with title and labels");
        }
        if (!body.TryGetProperty("alerts", out var alerts))
        {
            return [Plain(body)];
        }
        if (alerts.ValueKind is not JsonValueKind.Array)
        {
            throw new SchemaException(400, "alerts in body must be an array");
        }
        var read = new List<WebhookAlert>(alerts.GetArrayLength());
        for (var i = 0; i < alerts.GetArrayLength(); i++)
        {
            try
            {
                read.Add(OfMessage(alerts[i], $"alerts.{i}", body));
            }
            catch (SchemaException e)
            {
                errors.Add(e.Message);
            }
        }
        return read;
    }

    private static WebhookAlert OfMessage(JsonElement item, string at, JsonElement message)
    {
        if (item.ValueKind is not JsonValueKind.Object)
        {
            throw new SchemaException(400, $"{at} in body must be of type object");
        }
        List<Label> annotations = [.. Labels(item, "annotations", at)];
        foreach (var (key, annotation) in GrafanaLinks)
        {
            if (BodyReader.Text(item, key, at) is { Length: > 0 } url && annotations.All(known => known.Name != annotation))
            {
                annotations.Add(new Label(annotation, url));
            }
        }
        return Alert(item, at, IsFiring(item, at) ?? IsFiring(message, "body") ?? true, Labels(item, "labels", at), annotations);
    }

    private static WebhookAlert Plain(JsonElement body)
    {
        List<Label> labels = [.. Labels(body, "labels", "body")];
        List<Label> annotations = [.. Labels(body, "annotations", "body")];
        if (BodyReader.Text(body, "title", "body") is { Length: > 0 } title)
        {
            if (labels.All(static label => label.Name != "alertname"))
            {
                labels.Add(new Label("alertname", title));
            }
            if (annotations.All(static annotation => annotation.Name != "title"))
            {
                annotations.Add(new Label("title", title));
            }
        }
        return Alert(body, "body", IsFiring(body, "body") ?? true, labels, annotations);
    }

    private static WebhookAlert Alert(
        JsonElement item, string at, bool isFiring, IReadOnlyList<Label> labels, IReadOnlyList<Label> annotations)
    {
        if (labels.All(static label => label.Value.Length == 0))
        {
            throw new SchemaException(400, $"{at} names no alert: give it labels, or a plain event a title");
        }
        return new WebhookAlert(isFiring, new PostableAlert
        {
            Labels = labels,
            Annotations = annotations,
            StartsAt = BodyReader.Time(item, "startsAt", at),
            EndsAt = BodyReader.Time(item, "endsAt", at),
            GeneratorUrl = BodyReader.Text(item, "generatorURL", at) ?? "",
        });
    }

    private static IReadOnlyList<Label> Labels(JsonElement parent, string name, string at)
    {
        var labels = parent.TryGetProperty(name, out var value) ? BodyReader.Labels(value, $"{at}.{name}") : [];
        return labels.Any(static label => label.Name.Length == 0)
            ? throw new SchemaException(400, $"{at}.{name} in body has an empty name") : labels;
    }

    /// <summary>Null where nothing is said.</summary>
    private static bool? IsFiring(JsonElement parent, string at) => BodyReader.Text(parent, "status", at) switch
    {
        null or "" => null,
        "firing" => true,
        "resolved" => false,
        var other => throw new SchemaException(400, $"{at}.status in body must be \"firing\" or \"resolved\", not {GoQuote.Quote(other)}"),
    };
}
