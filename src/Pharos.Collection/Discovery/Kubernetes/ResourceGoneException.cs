namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>The API server no longer knows the version that a watch goes on from: everything must be listed again.</summary>
internal sealed class ResourceGoneException() : Exception("the resource version is too old");
