namespace MeaiRouter.Budgets;

/// <summary>What a store holds for one call until it is settled. Only the store that made it knows what is in it.</summary>
public abstract class BudgetReservation;
