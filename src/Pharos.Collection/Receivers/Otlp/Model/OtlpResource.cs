namespace Pharos.Collection.Receivers.Otlp.Model;

/// <summary>Who measured, and all that it measured.</summary>
internal sealed class OtlpResource
{
    public List<OtlpAttribute> Attributes { get; } = [];

    public List<OtlpScope> Scopes { get; } = [];

    /// <summary>The value of an attribute, or null.</summary>
    public string? this[string key]
    {
        get
        {
            foreach (var attribute in Attributes)
            {
                if (attribute.Key == key)
                {
                    return attribute.Value;
                }
            }
            return null;
        }
    }
}
