using Pharos.Collection.Receivers.Otlp.Model;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Otlp.Translation;

/// <summary>The labels of the points of one scope of one resource.</summary>
/// <remarks>Not thread-safe. The order in which sources win over one another is Prometheus' (prometheusremotewrite,
/// createAttributes).</remarks>
internal sealed class PointLabels
{
    public const string TargetInfo = "target_info";

    private const string ServiceName = "service.name";
    private const string ServiceNamespace = "service.namespace";
    private const string ServiceInstance = "service.instance.id";
    private static readonly string[] Identifying = [ServiceNamespace, ServiceName, ServiceInstance];

    private readonly OtlpOptions _options;
    private readonly LabelNamer _namer;
    private readonly OtlpResource _resource;
    private readonly List<(string Name, string Value)> _promoted = [];
    private readonly List<(string Name, string Value)> _scope = [];
    private readonly LabelSetBuilder _builder = new();

    public PointLabels(OtlpOptions options, LabelNamer namer, OtlpResource resource, OtlpScope scope)
    {
        _options = options;
        _namer = namer;
        _resource = resource;
        foreach (var attribute in resource.Attributes)
        {
            if (IsPromoted(attribute.Key) && namer.Build(attribute.Key) is { } name)
            {
                _promoted.Add((name, attribute.Value));
            }
        }
        if (options.PromoteScopeMetadata && scope.Name.Length > 0)
        {
            AddScope(scope);
        }
    }

    /// <summary>How often two attributes of a point became the same label, their values joined.</summary>
    public int Collisions { get; private set; }

    /// <summary>All labels of a point but its metric's name.</summary>
    public LabelSet Of(OtlpPoint point)
    {
        _builder.Reset();
        AddAttributes(point.Attributes, []);
        foreach (var (name, value) in _promoted)
        {
            if (_builder[name].Length == 0)
            {
                _builder.Set(name, value);
            }
        }
        foreach (var (name, value) in _scope)
        {
            _builder.Set(name, value);
        }
        AddIdentity();
        return _builder.Build();
    }

    /// <summary>The labels of <c>target_info</c>, or null where it would tell nothing, or could not be joined to anything.</summary>
    public LabelSet? OfTargetInfo()
    {
        if (_resource.Attributes.TrueForAll(attribute => Identifying.Contains(attribute.Key)))
        {
            return null;
        }
        _builder.Reset();
        AddAttributes(_resource.Attributes, _options.KeepIdentifyingResourceAttributes ? [] : Identifying);
        AddIdentity();
        var hasIdentity = _builder["job"].Length > 0 || _builder["instance"].Length > 0;
        return hasIdentity ? _builder.Set(Label.MetricName, TargetInfo).Build() : null;
    }

    private bool IsPromoted(string key) => _options.PromoteAllResourceAttributes
        ? !_options.IgnoreResourceAttributes.Contains(key) : _options.PromoteResourceAttributes.Contains(key);

    private void AddScope(OtlpScope scope)
    {
        foreach (var attribute in scope.Attributes)
        {
            if (_namer.Build("otel_scope_" + attribute.Key) is { } name)
            {
                _scope.Add((name, attribute.Value));
            }
        }
        // Behind the attributes, one of which may have such a name, too.
        _scope.Add(("otel_scope_name", scope.Name));
        _scope.Add(("otel_scope_version", scope.Version));
        _scope.Add(("otel_scope_schema_url", scope.SchemaUrl));
    }

    /// <summary>Attributes whose names become equal share a label, their values joined in the order of the attributes.</summary>
    private void AddAttributes(List<OtlpAttribute> attributes, string[] without)
    {
        foreach (var (key, value) in attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
        {
            if (without.Contains(key) || _namer.Build(key) is not { } name)
            {
                continue;
            }
            var before = _builder[name];
            Collisions += before.Length > 0 ? 1 : 0;
            _builder.Set(name, before.Length > 0 ? $"{before};{value}" : value);
        }
    }

    private void AddIdentity()
    {
        if (_resource[ServiceName] is { } service)
        {
            _builder.Set("job", _resource[ServiceNamespace] is { } space ? $"{space}/{service}" : service);
        }
        if (_resource[ServiceInstance] is { } instance)
        {
            _builder.Set("instance", instance);
        }
    }
}
