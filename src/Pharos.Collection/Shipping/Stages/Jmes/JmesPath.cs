using System.Text.Json;

namespace Pharos.Collection.Shipping.Stages.Jmes;

/// <summary>A JMESPath expression.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class JmesPath
{
    private readonly JmesNode _node;

    private JmesPath(string text, JmesNode node)
    {
        Text = text;
        _node = node;
    }

    public string Text { get; }

    /// <exception cref="JmesException">The text is no expression.</exception>
    public static JmesPath Parse(string text) => new(text, JmesParser.Parse(text));

    /// <summary>What the expression finds, null included; false where a function was given what it does not take.</summary>
    public bool TrySearch(JsonElement json, out object? found)
    {
        try
        {
            found = JmesEvaluator.Evaluate(_node, JmesValue.Of(json));
            return true;
        }
        catch (JmesException)
        {
            found = null;
            return false;
        }
    }

    /// <summary>A found value without its document: lists and objects as JSON text.</summary>
    public static object? Plain(object? found) => found is null or bool or double or string ? found : JmesValue.Json(found);
}
