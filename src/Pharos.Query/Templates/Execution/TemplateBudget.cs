using Pharos.Query.Templates.Values;

namespace Pharos.Query.Templates.Execution;

/// <summary>What one execution has used of <see cref="TemplateLimits"/>.</summary>
/// <remarks>Not thread-safe. Its exceptions say what is too much; callers add where.</remarks>
internal sealed class TemplateBudget
{
    private int _steps;
    private long _madeChars;

    public void Step()
    {
        if (++_steps > TemplateLimits.MaxSteps)
        {
            throw new TemplateException("the template does not come to an end");
        }
    }

    /// <summary>Counts a text that a call took or made; it may be kept in a variable and doubled by the next.</summary>
    public void Make(TemplateValue value)
    {
        if (value.IsText)
        {
            Make(value.Text.Length);
        }
        else if (value.Kind == TemplateKind.List)
        {
            foreach (var item in value.List.Items)
            {
                Make(item.IsText ? item.Text.Length : 0);
            }
        }
    }

    private void Make(int chars)
    {
        _madeChars += chars;
        if (chars > TemplateLimits.MaxTextChars || _madeChars > TemplateLimits.MaxMadeChars)
        {
            throw new TemplateException("the template makes too much text");
        }
    }
}
