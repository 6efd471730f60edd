namespace Pharos.Server.Api.Jaeger.Search;

/// <summary>A tag that is looked for; its value is compared as a text.</summary>
internal readonly record struct SearchTag(string Key, string Value);
