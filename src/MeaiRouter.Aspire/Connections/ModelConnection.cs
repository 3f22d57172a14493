using MeaiRouter.OpenAI;

namespace MeaiRouter.Aspire.Connections;

/// <summary>What a connection string says. Not a record, whose text would show the key.</summary>
internal sealed class ModelConnection(string name, KnownProvider? provider, Uri baseUrl)
{
    /// <summary>The name of the connection string, which is that of the resource.</summary>
    public string Name => name;

    /// <summary>Whose rules apply; <see langword="null"/> for those of the common wire.</summary>
    public KnownProvider? Provider => provider;

    /// <summary>The address to which <c>/chat/completions</c> is appended.</summary>
    public Uri BaseUrl => baseUrl;

    /// <summary>The key; <see langword="null"/> for none, or for that of the provider's environment variable.</summary>
    public string? Key { get; init; }

    /// <summary>The provider's id of the model; <see langword="null"/> if the connection is to a whole account or server.</summary>
    public string? Model { get; init; }

    /// <summary>Whether both are reached at the same address as the same customer.</summary>
    public bool IsSameAccount(ModelConnection other) => BaseUrl == other.BaseUrl && Key == other.Key && Provider == other.Provider;
}
