using Pharos.Alerting.Templates;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads a URL that is a secret (webhooks carry their token in the path), inline or in a file; never repeats it.</summary>
internal static class SecretUrl
{
    /// <summary>Reads <paramref name="key"/> and its <c>_file</c> twin.</summary>
    /// <param name="mayBeTemplate">Whether the receiver fills a template in the address; then the address cannot be checked.</param>
    public static Secret? Read(YamlMappingReader section, string key, bool mayBeTemplate = false)
    {
        var secret = section.SecretOrFile(key, $"{key}_file");
        if (secret is null && section.Find(key, secret: true) is { } empty && empty.AsText() is "")
        {
            empty.Error(ApiUrl.Fault("")!);
        }
        if (secret is { File: null } && Fault(secret.Reveal(), mayBeTemplate) is { } fault)
        {
            section.ErrorAt(key, fault);
        }
        // Before 0.27 amtool knew no secret in a webhook's URL, and refuses a configuration that shows one.
        if (mayBeTemplate && section.FindEvenNull(key, secret: true)?.Node is YamlScalar scalar)
        {
            section.Reading.HideBehindScheme(scalar);
        }
        return secret;
    }

    /// <summary>As <see cref="Read"/>, an error where neither is there.</summary>
    public static Secret ReadRequired(YamlMappingReader section, string key, bool mayBeTemplate = false)
    {
        var secret = Read(section, key, mayBeTemplate);
        section.ErrorUnless(secret is not null, key, $"one of {key} or {key}_file must be configured");
        return secret ?? Secret.Inline("");
    }

    private static string? Fault(string text, bool mayBeTemplate)
    {
        if (!mayBeTemplate || !text.Contains("{{", StringComparison.Ordinal))
        {
            return ApiUrl.Fault(text);
        }
        // The parser's own words could repeat a piece of the secret.
        return NotificationTemplates.BuiltIn.Check(text) is null ? null : "invalid template syntax";
    }
}
