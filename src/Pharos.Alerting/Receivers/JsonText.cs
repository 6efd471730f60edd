using System.Text;
using Pharos.Query.Templates.Values;

namespace Pharos.Alerting.Receivers;

/// <summary>Writes a JSON object member by member, in the order and with the escapes of Go's encoder.</summary>
/// <remarks>A small writer of its own because receivers' messages promise the order of their keys and because Go escapes
/// other characters than .NET does.</remarks>
internal sealed class JsonText
{
    /// <summary>What a builder may hold to be kept for the next message of the same thread.</summary>
    private const int MaxKeptChars = 64 * 1024;

    [ThreadStatic]
    private static StringBuilder? _kept;

    private readonly StringBuilder _json;
    private bool _needsComma;

    public JsonText()
    {
        _json = _kept ?? new StringBuilder();
        _kept = null;
    }

    public JsonText Open(char bracket)
    {
        Separate();
        _json.Append(bracket);
        _needsComma = false;
        return this;
    }

    public JsonText Close(char bracket)
    {
        _json.Append(bracket);
        _needsComma = true;
        return this;
    }

    public JsonText Key(string name)
    {
        Separate();
        GoJson.AppendText(_json, name);
        _json.Append(':');
        _needsComma = false;
        return this;
    }

    public JsonText Text(string value)
    {
        Separate();
        GoJson.AppendText(_json, value);
        _needsComma = true;
        return this;
    }

    /// <summary>A value that is JSON already.</summary>
    public JsonText Raw(string json)
    {
        Separate();
        _json.Append(json);
        _needsComma = true;
        return this;
    }

    public JsonText Value(TemplateValue value)
    {
        Separate();
        GoJson.Append(_json, value);
        _needsComma = true;
        return this;
    }

    public JsonText Member(string name, string value) => Key(name).Text(value);

    public JsonText Member(string name, bool value) => Key(name).Raw(value ? "true" : "false");

    /// <summary>Leaves out what is empty.</summary>
    public JsonText Optional(string name, string value) => value.Length == 0 ? this : Member(name, value);

    /// <summary>Leaves out an empty list.</summary>
    public JsonText OptionalList<T>(string name, IReadOnlyCollection<T> items, Action<JsonText, T> write)
    {
        if (items.Count == 0)
        {
            return this;
        }
        Key(name).Open('[');
        foreach (var item in items)
        {
            write(this, item);
        }
        return Close(']');
    }

    /// <summary>With the line end that Go's encoder writes.</summary>
    public override string ToString() => _json + "\n";

    /// <summary>The same, as the end of this writer: its buffer goes to the next message of the thread.</summary>
    public string Finish()
    {
        var text = _json.Append('\n').ToString();
        _json.Clear();
        _kept = _json.Capacity <= MaxKeptChars ? _json : null;
        return text;
    }

    private void Separate()
    {
        if (_needsComma)
        {
            _json.Append(',');
            _needsComma = false;
        }
    }
}
