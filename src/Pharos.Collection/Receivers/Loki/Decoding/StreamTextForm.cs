namespace Pharos.Collection.Receivers.Loki.Decoding;

/// <summary>How the labels of a stream are written in a push.</summary>
public enum StreamTextForm
{
    /// <summary><c>{job="app", env="prod"}</c></summary>
    Selector,

    /// <summary><c>{"job": "app", "env": "prod"}</c></summary>
    JsonObject,
}
