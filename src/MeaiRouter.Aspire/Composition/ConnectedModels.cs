using MeaiRouter.Aspire.Connections;
using MeaiRouter.Configuration;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Aspire.Composition;

/// <summary>Writes connections into a router's configuration: as the provider and model of the endpoints that name one, and as models of their own.</summary>
/// <remarks>It only completes: what the configuration says of an endpoint, a provider or a model stands.</remarks>
internal sealed class ConnectedModels(ComposedValues values, ConnectionReader connections, ConfigurationErrors errors)
{
    private const string Setting = "Connection";

    // What makes a provider of the configuration a customer of its own.
    private static readonly string[] AccountKeys = ["BaseUrl", "ApiKey", "ApiKeys", "Resource"];

    private readonly Dictionary<string, ModelConnection> _providers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Completes the endpoints that say <c>"Connection": "name"</c>.</summary>
    /// <param name="root">The path of the configuration as a whole.</param>
    public void ConnectEndpoints(string root)
    {
        foreach (var path in values.Paths.Where(IsConnection).Order(StringComparer.OrdinalIgnoreCase))
        {
            var endpoint = ConfigurationPath.GetParentPath(path)!;
            var origin = values.OriginOf(path, root);
            if (values[path] is not { } name)
                errors.Add(origin, "must be the name of a connection string.");
            else if (connections.Read(name, origin) is { } connection)
                Connect(endpoint, connection, origin);
            else
                FillForNow(endpoint, origin);
            values.Remove(path);
        }
    }

    /// <summary>Makes a model of each connection, and one of all of them.</summary>
    /// <param name="names">The names of the connections.</param>
    /// <param name="router">The router's name, which that of all becomes.</param>
    /// <param name="namedBy">Where the names stand.</param>
    public void AddModels(IReadOnlyList<string> names, string router, string namedBy)
    {
        if (names.Count == 0)
            return;

        foreach (var name in names.Where(name => !name.Equals(router, StringComparison.OrdinalIgnoreCase)))
            AddModel(name, [name], namedBy);
        AddModel(router, names, namedBy);
        values.Complete("Routing:DefaultModel", router, namedBy);
    }

    private void AddModel(string id, IReadOnlyList<string> names, string namedBy)
    {
        var model = ConfigurationPath.Combine("Models", id);
        if (values.Has(model) || values.Paths.Any(path => IsModelId(path) && id.Equals(values[path], StringComparison.OrdinalIgnoreCase)))
            return;

        for (var i = 0; i < names.Count; i++)
        {
            var endpoint = $"{model}:Endpoints:{i}";
            if (connections.Read(names[i], namedBy) is { } connection)
                Connect(endpoint, connection, ConnectionReader.PathOf(names[i]));
            else
                FillForNow(endpoint, namedBy);
        }
    }

    private void Connect(string endpoint, ModelConnection connection, string origin)
    {
        var model = ConfigurationPath.Combine(endpoint, "Model");
        if (values[model] is null && connection.Model is null)
        {
            errors.Add(
                ConnectionReader.PathOf(connection.Name),
                $"names no model. Reference a model of the resource rather than the resource, or give the endpoint a Model beside its {Setting}.");
        }

        values.Complete(model, connection.Model ?? "?", origin);
        values.Complete(ConfigurationPath.Combine(endpoint, "Provider"), ProviderFor(connection, values[ConfigurationPath.Combine(endpoint, "Provider")]), origin);
        values.Complete("Catalog:BuiltIn", nameof(CatalogUse.Prices), origin);
    }

    // Everything that is wrong elsewhere is to be said as well, and this once.
    private void FillForNow(string endpoint, string origin)
    {
        var key = ConfigurationPath.GetSectionKey(endpoint);
        values.Complete(ConfigurationPath.Combine(endpoint, "Model"), $"?{key}", origin);
        values.Complete(ConfigurationPath.Combine(endpoint, "Provider"), "?", origin);
        values.Complete("Providers:?:BaseUrl", "http://localhost", origin);
    }

    /// <summary>The name of the provider that a connection leads to; the same for all connections of one account.</summary>
    private string ProviderFor(ModelConnection connection, string? chosen)
    {
        if (chosen is null && _providers.FirstOrDefault(provider => provider.Value.IsSameAccount(connection)) is { Value: not null } known)
            return known.Key;

        // Lists of prices, dialects and preferences know providers by their names; only a second account needs another.
        var name = chosen ?? (connection.Provider is { } provider && IsFree(provider.Name, connection) ? provider.Name : connection.Name);
        if (!IsFree(name, connection))
        {
            errors.Add(
                ConnectionReader.PathOf(connection.Name),
                $"cannot be the provider '{name}', which has another address or key. Give its endpoint another name as Provider.");
            return name;
        }

        _providers.TryAdd(name, connection);
        var path = ConfigurationPath.Combine("Providers", name);
        var origin = ConnectionReader.PathOf(connection.Name);
        values.Complete(ConfigurationPath.Combine(path, "Type"), connection.Provider?.Name ?? "openai-compatible", origin);
        values.Complete(ConfigurationPath.Combine(path, "BaseUrl"), connection.BaseUrl.AbsoluteUri, origin);
        if (connection.Key is not null)
            values.Complete(ConfigurationPath.Combine(path, "ApiKey"), connection.Key, origin);
        return name;
    }

    private bool IsFree(string name, ModelConnection connection) => _providers.TryGetValue(name, out var known)
        ? known.IsSameAccount(connection)
        : !AccountKeys.Any(key => values.Has($"Providers:{name}:{key}"));

    private static bool IsModelId(string path) => path.Split(ConfigurationPath.KeyDelimiter) is [var models, _, var id] && Is(models, "Models") && Is(id, "Id");

    private static bool IsConnection(string path) =>
        path.Split(ConfigurationPath.KeyDelimiter) is [var models, _, var endpoints, _, var connection]
        && Is(models, "Models") && Is(endpoints, "Endpoints") && Is(connection, Setting);

    private static bool Is(string part, string name) => part.Equals(name, StringComparison.OrdinalIgnoreCase);
}
