using MeaiRouter.Dialects;
using MeaiRouter.Registration;
using MeaiRouter.Resilience;
using Microsoft.Extensions.AI;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Completes a router that was added from configuration with what only code can give.</summary>
public sealed class MeaiRouterBuilder
{
    private readonly ProviderClients _providers;
    private readonly ChatClientBuilder _pipeline;
    private readonly List<Action<ResilienceOptions>> _resilience;

    internal MeaiRouterBuilder(
        IServiceCollection services, object? serviceKey, ProviderClients providers, ChatClientBuilder pipeline, List<Action<ResilienceOptions>> resilience)
    {
        _resilience = resilience;
        Services = services;
        ServiceKey = serviceKey;
        _providers = providers;
        _pipeline = pipeline;
    }

    /// <summary>The services the router is registered in.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The key the router is registered under; <see langword="null"/> for none.</summary>
    public object? ServiceKey { get; }

    /// <summary>Adds a provider that is reached through a client of your own. The client stays yours: the router never disposes it.</summary>
    /// <param name="name">The name by which endpoints in the configuration refer to the provider. Capitals and small letters are the same.</param>
    /// <param name="client">
    /// The client; it must not invoke tools by itself. Where its <c>GetService</c> has a <see cref="Dialect"/>, that is the dialect of its endpoints, unless the
    /// configuration names another.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is a provider of that name already.</exception>
    public MeaiRouterBuilder AddProvider(string name, IChatClient client)
    {
        ArgumentNullException.ThrowIfNull(client);

        _providers.Add(name, _ => new BorrowedChatClient(client), client.GetService(typeof(Dialect)) as Dialect);
        return this;
    }

    /// <summary>Adds a provider that is reached through a client made with the router, and disposed with it.</summary>
    /// <param name="name">The name by which endpoints in the configuration refer to the provider. Capitals and small letters are the same.</param>
    /// <param name="clientFactory">Makes the client, once; it must not invoke tools by itself.</param>
    /// <param name="dialect">
    /// The dialect of the provider's endpoints, unless the configuration names another. Default: <see langword="null"/>, nothing particular is known.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is a provider of that name already.</exception>
    public MeaiRouterBuilder AddProvider(string name, Func<IServiceProvider, IChatClient> clientFactory, Dialect? dialect = null)
    {
        ArgumentNullException.ThrowIfNull(clientFactory);

        _providers.Add(name, clientFactory, dialect);
        return this;
    }

    /// <summary>Registers, under a key, the router as the client of one model: a request that names none gets that one.</summary>
    /// <remarks>
    /// For whoever picks a client rather than a model: <c>[FromKeyedServices("fast")] IChatClient</c>, Semantic Kernel's service ids and its choice by
    /// <c>PromptExecutionSettings.ModelId</c>, or an agent of its own for each. It is registered before the router, which stays the last <see cref="IChatClient"/>,
    /// that is the one Semantic Kernel takes where nothing is asked for. Everything goes through the router: its <c>ConfigurePipeline</c>, budgets and ledger.
    /// </remarks>
    /// <param name="model">What <see cref="ChatOptions.ModelId"/> may hold: a model, an alias, either with a variant such as <c>:floor</c>, a preset.</param>
    /// <param name="serviceKey">The key; <see langword="null"/> for the model as it is written.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is a keyed <see cref="IChatClient"/> under that key already.</exception>
    public MeaiRouterBuilder AddModelClient(string model, object? serviceKey = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);

        serviceKey ??= model;
        if (Services.Any(service => service.ServiceType == typeof(IChatClient) && service.IsKeyedService && serviceKey.Equals(service.ServiceKey)))
            throw new ArgumentException($"There is an IChatClient under the key '{serviceKey}' already. Give this one another serviceKey.", nameof(serviceKey));

        var router = Services.TakeWhile(service => service.ServiceType != typeof(IChatClient) || !Equals(service.ServiceKey, ServiceKey)).Count();
        Services.Insert(router, ServiceDescriptor.KeyedSingleton<IChatClient>(
            serviceKey, (provider, _) => new ModelChatClient(provider.GetRequiredKeyedService<IChatClient>(ServiceKey), model)));
        return this;
    }

    /// <summary>Adds pipelines of Polly's around the attempts at endpoints, inside those that are configured.</summary>
    /// <param name="configure">Says which endpoints have which strategies; called when the router is built.</param>
    /// <returns>The same builder.</returns>
    public MeaiRouterBuilder ConfigureResilience(Action<ResilienceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);

        _resilience.Add(configure);
        return this;
    }

    /// <summary>Adds layers around the router, such as function invocation, logging or telemetry. The first one added is the outermost.</summary>
    /// <param name="configure">Adds the layers; called at once.</param>
    /// <returns>The same builder.</returns>
    public MeaiRouterBuilder ConfigurePipeline(Action<ChatClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);

        configure(_pipeline);
        return this;
    }
}
