using MeaiRouter.Budgets;
using MeaiRouter.Costs;
using MeaiRouter.Layers;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.AI;

/// <summary>Adds <see cref="BudgetChatClient"/> to a pipeline.</summary>
public static class BudgetChatClientBuilderExtensions
{
    /// <summary>Adds a layer that keeps calls within budgets. It belongs outside all others of MeaiRouter.</summary>
    /// <remarks>Time is that of the <see cref="TimeProvider"/> of the pipeline's services, or the system's.</remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="budgets">The budgets; <see langword="null"/> takes the <see cref="BudgetBook"/> of the pipeline's services.</param>
    /// <param name="prices">
    /// The prices of models that no route prices; <see langword="null"/> takes the <see cref="PriceBook"/> of the pipeline's services, if any.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// Thrown when the pipeline is built: there are no budgets, the layers are in a wrong order, or nothing inside tracks costs and there is no price book.
    /// </exception>
    public static ChatClientBuilder UseBudgets(this ChatClientBuilder builder, BudgetBook? budgets = null, PriceBook? prices = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.Use((inner, services) => new BudgetChatClient(
            inner,
            budgets ?? services.GetRequiredService<BudgetBook>(),
            prices ?? services.GetService<PriceBook>(),
            services.GetService<TimeProvider>()));
    }

    /// <summary>Adds a layer that keeps calls within the given budgets, whose accounts are in the <see cref="IBudgetStore"/> of the pipeline's services, or else in this process.</summary>
    /// <remarks>The accounts are the builder's: pipelines built from it anew, as for each scope of a service provider, draw on the same budgets.</remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="budgets">The budgets.</param>
    /// <param name="configure">Changes the options before the layer is made; <see langword="null"/> leaves the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="budgets"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">Thrown when the pipeline is built: a budget is out of range, or two have the same scope and window.</exception>
    /// <exception cref="InvalidOperationException">
    /// Thrown when the pipeline is built: the layers are in a wrong order, or nothing inside tracks costs and there is no price book.
    /// </exception>
    public static ChatClientBuilder UseBudgets(this ChatClientBuilder builder, IEnumerable<Budget> budgets, Action<BudgetOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(budgets);

        var own = new OncePerBuilder<BudgetBook>();
        return builder.Use((inner, services) =>
        {
            var (time, store) = (services.GetService<TimeProvider>(), services.GetService<IBudgetStore>());
            var book = store is null ? own.Get(BookOf) : BookOf();
            return new BudgetChatClient(inner, book, services.GetService<PriceBook>(), time);

            BudgetBook BookOf()
            {
                var options = new BudgetOptions();
                configure?.Invoke(options);
                return new BudgetBook(budgets, options, store, time);
            }
        });
    }
}
