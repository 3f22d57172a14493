using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Gateway.Tests.Running;

/// <summary>Settings that can be written anew: all of them change at once, and then the reload token fires.</summary>
internal sealed class ChangingSettings : ConfigurationProvider, IConfigurationSource
{
    public ChangingSettings(IReadOnlyDictionary<string, string?> settings) => Data = new Dictionary<string, string?>(settings, StringComparer.OrdinalIgnoreCase);

    /// <summary>Changes some; <see langword="null"/> takes one away.</summary>
    public void Change(params ReadOnlySpan<(string Key, string? Value)> settings)
    {
        var next = new Dictionary<string, string?>(Data, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in settings)
        {
            if (value is null)
                next.Remove(key);
            else
                next[key] = value;
        }

        Data = next;
        OnReload();
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
}
