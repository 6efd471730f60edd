using System.Globalization;
using System.Text;
using System.Text.Json;
using Pharos.Alerting.Alerts;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Alertmanager;

/// <summary>Reads the body of <c>POST alerts</c> straight into alerts: senders post thousands, most of them over and over.</summary>
internal ref struct AlertListReader
{
    private Utf8JsonReader _json;
    private Label[] _labels = new Label[16];

    // Alerts that are posted together mostly end together.
    private ReadOnlySpan<byte> _lastTimeText;
    private DateTimeOffset? _lastTime;

    private AlertListReader(ReadOnlySpan<byte> json) => _json = new Utf8JsonReader(json);

    /// <exception cref="SchemaException">The body is none that the schema allows.</exception>
    public static List<PostableAlert> Read(JsonBody body)
    {
        if (body.Bytes.IsEmpty)
        {
            throw new SchemaException(602, "alerts in body is required");
        }
        var reader = new AlertListReader(GoText.Repair(body.Bytes).Span);
        try
        {
            try
            {
                return reader.Alerts();
            }
            catch (SchemaException)
            {
                reader.GoToEnd();
                throw;
            }
        }
        catch (JsonException e)
        {
            throw new SchemaException(400, $"parsing body failed, because {e.Message}");
        }
    }

    private List<PostableAlert> Alerts()
    {
        _json.Read();
        if (_json.TokenType is JsonTokenType.Null)
        {
            return [];
        }
        if (_json.TokenType is not JsonTokenType.StartArray)
        {
            throw new SchemaException(400, "parsing alerts body failed, because it is not an array of alerts");
        }
        var alerts = new List<PostableAlert>();
        while (_json.Read() && _json.TokenType is not JsonTokenType.EndArray)
        {
            if (_json.TokenType is not JsonTokenType.StartObject)
            {
                throw new SchemaException(400, $"parsing alerts body failed, because {alerts.Count} is not an object");
            }
            alerts.Add(Alert(alerts.Count));
        }
        return alerts;
    }

    /// <summary>What is no JSON at all is refused, wherever it stands in the list; what follows the list nobody reads, as at Alertmanager.</summary>
    private void GoToEnd()
    {
        while (_json.CurrentDepth > 0 || _json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            _json.Read();
        }
    }

    /// <summary>Whether this is the member's name: Go's decoder asks neither for its case.</summary>
    private readonly bool Is(ReadOnlySpan<byte> name) => _json.ValueTextEquals(name) || Ascii.EqualsIgnoreCase(_json.ValueSpan, name);

    private PostableAlert Alert(int index)
    {
        Label[]? labels = null;
        Label[] annotations = [];
        DateTimeOffset? startsAt = null;
        DateTimeOffset? endsAt = null;
        var generatorUrl = "";
        while (_json.Read() && _json.TokenType is JsonTokenType.PropertyName)
        {
            if (Is("labels"u8))
            {
                labels = Labels(index, "labels");
            }
            else if (Is("annotations"u8))
            {
                annotations = Labels(index, "annotations") ?? [];
            }
            else if (Is("startsAt"u8))
            {
                startsAt = Time(index, "startsAt");
            }
            else if (Is("endsAt"u8))
            {
                endsAt = Time(index, "endsAt");
            }
            else if (Is("generatorURL"u8))
            {
                generatorUrl = IsText(index, "generatorURL") ? BodyReader.Url(Text(), At(index, "generatorURL")) : "";
            }
            else
            {
                _json.Skip();
            }
        }
        return new PostableAlert
        {
            Labels = labels ?? throw new SchemaException(602, $"{At(index, "labels")} in body is required"),
            Annotations = annotations,
            StartsAt = startsAt,
            EndsAt = endsAt,
            GeneratorUrl = generatorUrl,
        };
    }

    private Label[]? Labels(int index, string member)
    {
        _json.Read();
        if (_json.TokenType is JsonTokenType.Null)
        {
            return null;
        }
        if (_json.TokenType is not JsonTokenType.StartObject)
        {
            throw new SchemaException(400, $"{At(index, member)} in body must be of type object");
        }
        var count = 0;
        while (_json.Read() && _json.TokenType is JsonTokenType.PropertyName)
        {
            var name = Text();
            _json.Read();
            if (_json.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
            {
                throw new SchemaException(400, $"{At(index, member)}.{name} in body must be of type string");
            }
            if (count == _labels.Length)
            {
                var more = new Label[2 * count];
                _labels.CopyTo(more, 0);
                _labels = more;
            }
            _labels[count++] = new Label(name, _json.TokenType is JsonTokenType.Null ? "" : Text());
        }
        var labels = new Label[count];
        Array.Copy(_labels, labels, count);
        return labels;
    }

    /// <summary>As <see cref="BodyReader.Time(string?, string)"/>.</summary>
    private DateTimeOffset? Time(int index, string member)
    {
        if (!IsText(index, member))
        {
            return null;
        }
        if (_lastTimeText.IsEmpty || !_json.ValueSpan.SequenceEqual(_lastTimeText))
        {
            _lastTime = BodyReader.Time(_json.GetString(), At(index, member));
            _lastTimeText = _json.ValueSpan;
        }
        return _lastTime;
    }

    /// <summary>Goes to the value of a member that may be null.</summary>
    private bool IsText(int index, string member)
    {
        _json.Read();
        return _json.TokenType switch
        {
            JsonTokenType.String => true,
            JsonTokenType.Null => false,
            _ => throw new SchemaException(400, $"{At(index, member)} in body must be of type string"),
        };
    }

    private readonly string Text() => _json.ValueIsEscaped ? _json.GetString()! : RecentTexts.Of(_json.ValueSpan);

    private static string At(int index, string member) => string.Create(CultureInfo.InvariantCulture, $"{index}.{member}");
}
