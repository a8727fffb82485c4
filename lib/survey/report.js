"use strict";
// Tables that sort, filter and show their first rows. Without it, all is there all the same.
(function () {
	var FIRST = 12;

	function rowsOf(table) {
		return Array.prototype.slice.call(table.tBodies[0].rows);
	}

	function show(table) {
		var state = table.state, shown = 0, found = 0;
		rowsOf(table).forEach(function (row) {
			var fits = state.filter === "" || row.textContent.toLowerCase().indexOf(state.filter) >= 0;
			found += fits ? 1 : 0;
			var visible = fits && (state.all || shown < FIRST);
			shown += visible ? 1 : 0;
			row.classList.toggle("hidden", !visible);
		});
		if (state.more) {
			state.more.hidden = found <= FIRST;
			state.more.textContent = state.all ? "Show the first " + FIRST : "Show all " + found;
		}
	}

	function valueOf(row, column) {
		var cell = row.cells[column], number = cell.getAttribute("data-v");
		return number === null ? cell.textContent.toLowerCase() : parseFloat(number === "" ? "-Infinity" : number);
	}

	function sort(table, column) {
		var head = table.tHead.rows[0].cells, cell = head[column];
		var isNumber = cell.classList.contains("n");
		var up = cell.getAttribute("aria-sort") === "descending" || (!cell.hasAttribute("aria-sort") && !isNumber);
		Array.prototype.forEach.call(head, function (other) { other.removeAttribute("aria-sort"); });
		cell.setAttribute("aria-sort", up ? "ascending" : "descending");
		rowsOf(table).map(function (row, index) {
			return { row: row, value: valueOf(row, column), index: index };
		}).sort(function (a, b) {
			var order = a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
			return order === 0 ? a.index - b.index : up ? order : -order;
		}).forEach(function (entry) { table.tBodies[0].appendChild(entry.row); });
		show(table);
	}

	function prepare(table) {
		var count = rowsOf(table).length, tools = document.createElement("div");
		table.state = { filter: "", all: count <= FIRST, more: null };
		Array.prototype.forEach.call(table.tHead.rows[0].cells, function (cell, column) {
			var button = document.createElement("button");
			button.type = "button";
			button.title = "Sort";
			while (cell.firstChild) { button.appendChild(cell.firstChild); }
			cell.appendChild(button);
			button.addEventListener("click", function () { sort(table, column); });
		});
		if (count > FIRST) {
			var input = document.createElement("input");
			tools.className = "tools";
			input.type = "search";
			input.placeholder = "Filter";
			input.setAttribute("aria-label", "Filter this table");
			input.addEventListener("input", function () {
				table.state.filter = input.value.toLowerCase();
				show(table);
			});
			table.state.more = document.createElement("button");
			table.state.more.type = "button";
			table.state.more.addEventListener("click", function () {
				table.state.all = !table.state.all;
				show(table);
			});
			tools.appendChild(input);
			tools.appendChild(table.state.more);
			table.parentNode.parentNode.insertBefore(tools, table.parentNode);
		}
		show(table);
	}

	Array.prototype.forEach.call(document.querySelectorAll("table"), prepare);
	// On paper, what is folded cannot be opened.
	window.addEventListener("beforeprint", function () {
		Array.prototype.forEach.call(document.querySelectorAll("details"), function (item) { item.open = true; });
	});
}());
